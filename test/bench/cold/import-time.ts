/** Run in a process of its own: prints how many milliseconds loading the module took. */
const [, , module = ''] = process.argv;
const from = performance.now();
await import(module);
process.stdout.write(String(performance.now() - from));
