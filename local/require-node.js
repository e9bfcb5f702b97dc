// JavaScript, because an old Node cannot read anything else, and is who this is for.
const major = Number(process.versions.node.split('.')[0]);
const needed = 24;

if (major < needed) {
  process.stderr.write(
    `This needs Node ${needed}, and this is Node ${process.versions.node}.\n` +
      `npm ci brings Node ${needed} for Linux, macOS and Windows into node_modules/.bin, and npm scripts run on it.\n` +
      'If it is missing there, optional dependencies were left out: run npm ci without --omit=optional, or install it yourself.\n',
  );
  process.exit(1);
}
