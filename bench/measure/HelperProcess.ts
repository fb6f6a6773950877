import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { spawnPinned, stopGroup, type Core } from './spawnPinned.js';

/** A TypeScript child process of the benchmark that answers each message with one message. */
export class HelperProcess<Ask, Answer> {
  #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /**
   * @param file - URL of the module to run.
   * @returns the helper, and its first message.
   */
  static async start<Ask, Answer, Hello = unknown>(
    file: URL,
    core: Core,
  ): Promise<{ helper: HelperProcess<Ask, Answer>; hello: Hello }> {
    const command = [process.execPath, '--max-semi-space-size=64', '--import', 'tsx', fileURLToPath(file)];
    const helper = new HelperProcess<Ask, Answer>(spawnPinned(command, { core, ipc: true }));
    return { helper, hello: (await helper.#next(60_000)) as Hello };
  }

  /** @param timeout - ms to wait for the answer. */
  async ask(message: Ask, timeout = 30_000): Promise<Answer> {
    const answer = this.#next(timeout);
    this.#child.send(message as object);
    return (await answer) as Answer;
  }

  async stop(): Promise<void> {
    await stopGroup(this.#child);
  }

  #next(timeout: number): Promise<unknown> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const clean = (): void => {
        clearTimeout(timer);
        child.off('message', onMessage).off('exit', onExit);
      };
      const onMessage = (message: unknown): void => {
        clean();
        resolve(message);
      };
      const onExit = (): void => {
        clean();
        reject(new Error(`a benchmark process ended: ${child.spawnargs.at(-1)}`));
      };
      const timer = setTimeout(() => {
        clean();
        reject(new Error(`no answer in ${timeout} ms from ${child.spawnargs.at(-1)}`));
      }, timeout);
      child.once('message', onMessage).once('exit', onExit);
    });
  }
}
