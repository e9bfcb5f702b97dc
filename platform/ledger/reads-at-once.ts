/**
 * Streams that a reconciliation asks for at once. DynamoDB hands out heads partition by partition, and one of them gives 3,000 read units a
 * second: eight reads of 6 ms take less than half of that, the rest is for orders.
 */
export const readsAtOnce = 8;
