declare const brand: unique symbol;

/** A primitive that only its own constructor can make: `Brand<number, 'Price'>` is not any number. */
export type Brand<Primitive, Name extends string> = Primitive & { readonly [brand]: Name };
