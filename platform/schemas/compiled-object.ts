import { never, ZodMiniObject } from 'zod/mini';
import { $constructor, type $strict, type $ZodLooseShape, $ZodObjectJIT } from 'zod/v4/core';

/** An object as `zod/mini` has it, read by a function that zod writes for its members instead of by a loop over them. */
const CompiledObject = $constructor<ZodMiniObject>('CompiledObject', (inst, def) => {
  ZodMiniObject.init(inst, def);
  $ZodObjectJIT.init(inst, def);
});

/** `z.strictObject` for what every order goes through, in about half the time. */
export function compiledObject<Shape extends $ZodLooseShape>(shape: Shape): ZodMiniObject<Shape, $strict> {
  return new CompiledObject({ type: 'object', shape, catchall: never() }) as ZodMiniObject<Shape, $strict>;
}
