/** Raised with every change of what is kept of an account or how it is worked out: it is then built anew from the log. */
export const surveillanceVersion = 1;

/** What the consumer is called that keeps it, and where it keeps how far it is. */
export const surveillanceName = `surveillance-${surveillanceVersion}`;
