import type { Reason } from '../risk/reasons.ts';
import type { ApplyReport } from './commands.ts';
import type { ReportDisputed } from './events.ts';
import type { Order } from './state.ts';

/** Recorded for somebody to look at; changes nothing. */
export function disputed({ position, report }: ApplyReport, reason: Reason, text: string): ReportDisputed {
  return { type: 'ReportDisputed', schema: 1, data: { position, report: report.report, reason, text } };
}

export function outOfPlace(command: ApplyReport, order: Order): ReportDisputed {
  const phase = order.phase.name === 'closed' ? `closed (${order.phase.reason})` : order.phase.name;
  return disputed(command, 'report_out_of_place', `${command.report.report} for an order that is ${phase}`);
}
