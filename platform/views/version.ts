/** Raised with every change of what the views hold or how it is worked out: they are then built anew from the log. */
export const viewsVersion = 5;

/** What the consumer is called that keeps them, and where it keeps how far it is. */
export const viewsName = `views-${viewsVersion}`;
