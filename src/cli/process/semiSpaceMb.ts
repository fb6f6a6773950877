import { totalmem } from 'node:os';

const MB = 1024 * 1024;

/**
 * The size of V8's young generation (one semi-space, MB) for a serving process.
 *
 * A request allocates a lot that dies with it. With V8's default of 16 MB a third of the time goes into collecting it, with 64 MB a tenth
 * (design D3; bench/RESULTS.md); three semi-spaces are resident. So: a twentieth of the memory there is, from 16 to 64 MB.
 *
 * @param limitBytes memory that the process may use: the limit of its container, else the machine's
 */
export function semiSpaceMb(limitBytes: number = memoryLimit()): number {
  const share = limitBytes / MB / 20;
  return share >= 64 ? 64 : share >= 32 ? 32 : 16;
}

function memoryLimit(): number {
  // Without a limit Linux reports 0 or a number beyond any memory.
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
