import type { RequestParts } from '../../../supergraph/connect/template/parseRequest.js';
import { compileBody } from './compileBody.js';
import { compileHeaders } from './compileHeaders.js';
import { compileUrl } from './compileUrl.js';
import type { BuiltRequest, RequestFault, RequestInputs } from './RestRequest.js';
import { RequestRefusal } from './RestRequest.js';

/** Makes the requests of one connector. Never throws; where each goes is `RequestParts.origin`, whatever the inputs. */
export type BuildRequest = (inputs: RequestInputs) => BuiltRequest;

/**
 * Compiles what a connector sends, once, when connectors are wired.
 *
 * Inputs come from clients and services. A value cannot choose the host, add a segment, a parameter or a header: hosts are text, and every
 * value is encoded for its place (path, query, header, JSON, form) or refused.
 */
export function compileRequest(parts: RequestParts): BuildRequest {
  const { method } = parts;
  const writeUrl = compileUrl(parts.urls);
  const writeHeaders = compileHeaders(parts.headers);
  const contentType = parts.headers.find(({ name }) => name === 'content-type')?.value?.text;
  const writeBody = parts.body && compileBody(parts.body, contentType);
  return (inputs) => {
    const faults: RequestFault[] = [];
    try {
      const path = writeUrl(inputs, faults);
      const headers = writeHeaders(inputs, faults);
      const body = writeBody?.(inputs, faults);
      if (body !== undefined && contentType === undefined) headers.push(['content-type', 'application/json']);
      return { ok: true, request: { method, path, headers, body }, faults };
    } catch (error) {
      if (!(error instanceof RequestRefusal)) throw error;
      faults.push({ place: error.place, message: error.message, path: [] });
      return { ok: false, faults };
    }
  };
}
