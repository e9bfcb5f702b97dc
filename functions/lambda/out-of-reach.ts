/** A function reached for what the manifest gives it no right to: a fault of ours, found before the service refuses it. */
export class OutOfReach extends Error {
  override readonly name = 'OutOfReach';
}
