/** Made when it is first asked for, then kept. What could not be made is made anew for whoever asks next. */
export function madeOnce<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let making: Promise<Made> | undefined;
  return async () => {
    const mine = (making ??= make());
    try {
      return await mine;
    } catch (error) {
      if (making === mine) making = undefined;
      throw error;
    }
  };
}
