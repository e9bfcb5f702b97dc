/**
 * What changes or deletes items, or may: `BatchWriteItem` and PartiQL take no condition, so an append through them could overwrite.
 * IAM has no way to demand a condition of `PutItem`; for that there is the tamper alarm.
 */
export const rewriting = [
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
] as const;

/** Ways around: they take whole tables, or have the service delete. */
export const removing = [
  'dynamodb:DeleteTable',
  'dynamodb:UpdateTable',
  'dynamodb:UpdateTimeToLive',
  'dynamodb:PartiQLSelect',
] as const;
