/**
 * The trading phases of a book. Only `continuous` matches as orders arrive; in the others they gather, and the book may
 * be crossed. A halt lies on top of the phase and gives it back when it is lifted.
 */
export type Phase = 'closed' | 'opening_call' | 'continuous' | 'closing_call';
