import { connect, type Socket } from 'node:net';

/** Called when one answer is complete: HTTP status and length of its body in bytes. */
export type OnAnswer = (status: number, length: number) => void;

const shared = Buffer.allocUnsafe(256 * 1024);

/**
 * A keep-alive HTTP/1.1 client connection for one request at a time, reduced to what a load generator needs: it counts the
 * answer's bytes and keeps none, except the first 400 for error reports.
 */
export class HttpConnection {
  /** The start of the last answer's body. */
  sample = '';
  #socket: Socket;
  #onAnswer: OnAnswer;
  #head = '';
  #inBody = false;
  #status = 0;
  #length = 0;
  /** Bytes still to come, of the body or of the current chunk. */
  #left = 0;
  #chunked = false;
  #chunkLine = '';

  constructor(port: number, onAnswer: OnAnswer, onFailure: (reason: string) => void) {
    this.#onAnswer = onAnswer;
    const onread = {
      buffer: shared,
      callback: (size: number, buffer: Uint8Array): boolean => {
        this.#read(buffer as Buffer, size);
        return true;
      },
    };
    this.#socket = connect({ port, host: '127.0.0.1', onread });
    this.#socket.setNoDelay(true);
    let reason = 'connection closed by the server';
    this.#socket.on('error', (error) => (reason = error.message));
    this.#socket.on('close', () => onFailure(reason));
  }

  /** True when a part of an answer has come. */
  get answering(): boolean {
    return this.#inBody || this.#head !== '';
  }

  send(request: string | Buffer): void {
    if (typeof request === 'string') this.#socket.write(request, 'latin1');
    else this.#socket.write(request);
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #read(buffer: Buffer, size: number): void {
    let at = 0;
    if (!this.#inBody) {
      const end = this.#head === '' ? buffer.indexOf('\r\n\r\n', 0, 'latin1') : -1;
      if (end >= 0 && end + 4 <= size) {
        this.#startBody(buffer.toString('latin1', 0, end).toLowerCase());
        at = end + 4;
      } else {
        this.#head += buffer.toString('latin1', 0, size);
        const found = this.#head.indexOf('\r\n\r\n');
        if (found < 0) return;
        at = size - (this.#head.length - found - 4);
        this.#startBody(this.#head.slice(0, found).toLowerCase());
        this.#head = '';
      }
    }
    if (this.#chunked) this.#readChunks(buffer, at, size);
    else this.#readCounted(buffer, at, size);
  }

  #startBody(head: string): void {
    this.#inBody = true;
    this.#length = 0;
    this.sample = '';
    this.#status = Number(head.slice(9, 12));
    this.#chunked = head.includes('\ntransfer-encoding: chunked');
    const length = head.indexOf('\ncontent-length:');
    this.#left = length < 0 ? 0 : parseInt(head.slice(length + 16), 10);
    this.#chunkLine = '';
  }

  #take(buffer: Buffer, at: number, size: number): number {
    const taken = Math.min(this.#left, size - at);
    if (this.sample.length < 400) this.sample += buffer.toString('latin1', at, at + Math.min(taken, 400));
    this.#length += taken;
    this.#left -= taken;
    return at + taken;
  }

  #readCounted(buffer: Buffer, at: number, size: number): void {
    this.#take(buffer, at, size);
    if (this.#left === 0) this.#done();
  }

  #readChunks(buffer: Buffer, start: number, size: number): void {
    let at = start;
    while (at < size) {
      if (this.#left > 0) {
        at = this.#take(buffer, at, size);
        continue;
      }
      const newline = buffer.indexOf(10, at);
      const end = newline < 0 || newline >= size ? size : newline + 1;
      this.#chunkLine += buffer.toString('latin1', at, end);
      at = end;
      if (!this.#chunkLine.endsWith('\n')) return;
      const line = this.#chunkLine.trim();
      this.#chunkLine = '';
      if (line === '' && this.#lastChunk) return this.#done();
      if (line === '') continue;
      this.#left = parseInt(line, 16);
      this.#lastChunk = this.#left === 0;
    }
  }

  #lastChunk = false;

  #done(): void {
    this.#inBody = false;
    this.#lastChunk = false;
    this.#onAnswer(this.#status, this.#length);
  }
}
