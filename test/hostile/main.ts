import { parseArgs } from 'node:util';
import { reportText } from './report-text.ts';
import { bombard } from './run.ts';
import { secretTimings } from './timing.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now()) },
  },
});
const requests = Number(values.requests);
if (!Number.isSafeInteger(requests) || requests < 1) {
  console.error(`--requests is a whole number from 1, not "${values.requests}"`);
  process.exitCode = 2;
} else {
  console.log(`seed ${values.seed}`);
  const report = await bombard({ requests, seed: values.seed });
  console.log(reportText(report));
  console.log(secretTimings());
  process.exitCode = report.faultsAll + report.aftermath.length > 0 ? 1 : 0;
}
