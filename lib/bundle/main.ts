import { bundleAll, bundlesFolder } from './bundle.ts';

/** `npm run bundle`: every function of the manifest as it is deployed. */
for (const { name, code } of await bundleAll())
  console.log(`${name.padEnd(24)} ${String(Math.ceil(code.bytes / 1024)).padStart(5)} KB`);
console.log(bundlesFolder);
