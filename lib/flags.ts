import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/**
 * CDK's defaults of today. References between stacks stay exports: what refers to a value of another stack keeps that from being deleted
 * under it, and every tool that takes templates knows them.
 */
export const flags = { ...recommended, '@aws-cdk/core:defaultCrossStackReferences': 'strong' } as const;
