import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** There is nothing here that compiles C for Linux, which the layer under the cell is written in. */
export class NoCompiler extends Error {
  override readonly name = 'NoCompiler';
}

/** The layer, compiled into `folder`. Throws `NoCompiler`. */
export function compiledLayer(folder: string): string {
  if (process.platform !== 'linux')
    throw new NoCompiler(
      'a loss of power can be acted out on Linux only: its layer is preloaded by the GNU linker',
    );
  const layer = join(folder, 'forgetful.so');
  const source = join(import.meta.dirname, 'forgetful.c');
  const words = ['-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-o', layer, source, '-ldl', '-lpthread'];
  const { status, error, stderr } = spawnSync('cc', words, { encoding: 'utf8', timeout: 60_000 });
  if (error && 'code' in error && error.code === 'ENOENT')
    throw new NoCompiler(
      'a loss of power takes a C compiler, cc (Debian: apt-get install gcc libc6-dev), and there is none',
    );
  if (status !== 0) throw new Error(`forgetful.c does not compile: ${error?.message ?? stderr}`);
  return layer;
}
