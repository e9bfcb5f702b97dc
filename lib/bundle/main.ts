import { bundleAll, type Code, bundlesFolder } from './bundle.ts';

/** `npm run bundle`: every function of the manifest as it is deployed. */
for (const { name, code, later } of await bundleAll()) {
  const more = later.bytes > 0 ? `, and ${kilobytes(later)} later` : '';
  console.log(`${name.padEnd(24)} ${kilobytes(code).padStart(5)} KB${more}`);
}
console.log(bundlesFolder);

function kilobytes({ bytes }: Code): string {
  return String(Math.ceil(bytes / 1024));
}
