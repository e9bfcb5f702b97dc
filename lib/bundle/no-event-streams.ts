/** Stands in a bundle for `@smithy/core/event-streams`, which none of our answers leads to. */
throw new Error('@smithy/core/event-streams was left out of the bundle: see lib/bundle/left-out.ts');
