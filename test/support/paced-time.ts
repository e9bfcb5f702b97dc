/** The process's own time, which stands still but for what it is told has passed: whatever reads it again does not depend on how fast a machine is. */
export class PacedTime {
  #nowMs = performance.now();

  /** Its own property hides the one that all performance objects have. */
  constructor() {
    performance.now = () => this.#nowMs;
  }

  pass(milliseconds: number): void {
    this.#nowMs += milliseconds;
  }

  [Symbol.dispose](): void {
    Reflect.deleteProperty(performance, 'now');
  }
}
