import { WebSocket } from 'undici';
import { listeningPorts } from './processTree.js';

/** Environment for a Node process that {@link Inspector.attach} can reach; it and what it forks take a free port each. */
export function inspectable(): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: '--inspect=127.0.0.1:0' };
}

/** A connection to a Node process's own debugger protocol (Chrome DevTools Protocol); it needs nothing in the process. */
export class Inspector {
  #socket: WebSocket;
  #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #nextId = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', (event) => {
      const message = JSON.parse(String(event.data)) as { id?: number; result?: unknown; error?: { message: string } };
      const waiting = this.#waiting.get(message.id ?? 0);
      if (waiting === undefined) return;
      this.#waiting.delete(message.id ?? 0);
      if (message.error === undefined) waiting.resolve(message.result);
      else waiting.reject(new Error(message.error.message));
    });
  }

  /** @returns undefined when the process is no Node process or was not started with {@link inspectable}. */
  static async attach(pid: number): Promise<Inspector | undefined> {
    for (const port of listeningPorts(pid)) {
      const targets = await fetch(`http://127.0.0.1:${port}/json/list`, { signal: AbortSignal.timeout(10_000) })
        .then((response) => response.json() as Promise<{ webSocketDebuggerUrl?: string }[]>)
        .catch(() => []);
      const url = Array.isArray(targets) ? targets[0]?.webSocketDebuggerUrl : undefined;
      if (url === undefined) continue;
      const socket = new WebSocket(url);
      await new Promise<void>((resolve, reject) => {
        socket.addEventListener('open', () => resolve());
        socket.addEventListener('error', () =>
          reject(new Error(`the debugger of process ${pid} refused the connection`)),
        );
      });
      return new Inspector(socket);
    }
    return undefined;
  }

  /** Sends one command. @returns its result, as the protocol describes it. */
  send(method: string, params: object = {}): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.#socket.close();
  }
}
