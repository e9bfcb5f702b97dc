import * as z from 'zod/mini';
import type { AccountConfiguration } from '../../../domain/account/configuration.ts';
import { optional, unsupported } from '../door/fields.ts';

const anyCheck = ['both', 'entry', 'exit'];

/**
 * The body of `PATCH /v2/account/configurations`. `cancel_on_disconnect` is ours; of Alpaca's fields only `suspend_trade` can be chosen, the
 * others may say what is so anyway.
 */
export const configurationBody = z.strictObject({
  suspend_trade: optional(z.boolean()),
  cancel_on_disconnect: optional(z.boolean()),
  no_shorting: unsupported('there are no short sales; leave it out or true', [true]),
  fractional_trading: unsupported('the lot size of an instrument says what is traded; leave it out or true', [
    true,
  ]),
  max_margin_multiplier: unsupported('there is no margin; leave it out or "1"', ['1', 1]),
  max_options_trading_level: unsupported('there are no options; leave it out or 0', [0]),
  dtbp_check: unsupported('one of both, entry, exit: without margin they are the same', anyCheck),
  pdt_check: unsupported('one of both, entry, exit: without margin they are the same', anyCheck),
  ptp_no_exception_entry: unsupported('there are no such partnerships; leave it out or false', [false]),
  trade_confirm_email: unsupported('no mail is sent; leave it out or "none"', ['none']),
  disable_overnight_trading: unsupported('there is no overnight session; leave it out or true', [true]),
});
export const configurationSchema = z
  .strictObject({
    dtbp_check: z.literal('both'),
    fractional_trading: z.literal(true),
    max_margin_multiplier: z.literal('1'),
    max_options_trading_level: z.literal(0),
    no_shorting: z.literal(true),
    pdt_check: z.literal('both'),
    ptp_no_exception_entry: z.literal(false),
    disable_overnight_trading: z.literal(true),
    suspend_trade: z.boolean(),
    trade_confirm_email: z.literal('none'),
    cancel_on_disconnect: z.boolean(),
  })
  .register(z.globalRegistry, { id: 'AccountConfigurations' });

export type ConfigurationBody = z.infer<typeof configurationBody>;

/** What is asked, in the words of the rules. */
export function askedOf({
  suspend_trade: suspendTrade,
  cancel_on_disconnect: cancelOnDisconnect,
}: ConfigurationBody): Partial<AccountConfiguration> {
  return {
    ...(suspendTrade !== undefined && { suspendTrade }),
    ...(cancelOnDisconnect !== undefined && { cancelOnDisconnect }),
  };
}

/** An account's configuration as the Trading API v2 shows it: a cash account, long only. */
export function configurationJson({
  suspendTrade,
  cancelOnDisconnect,
}: AccountConfiguration): z.infer<typeof configurationSchema> {
  return {
    dtbp_check: 'both',
    fractional_trading: true,
    max_margin_multiplier: '1',
    max_options_trading_level: 0,
    no_shorting: true,
    pdt_check: 'both',
    ptp_no_exception_entry: false,
    disable_overnight_trading: true,
    suspend_trade: suspendTrade,
    trade_confirm_email: 'none',
    // Ours, beside what Alpaca documents.
    cancel_on_disconnect: cancelOnDisconnect,
  };
}
