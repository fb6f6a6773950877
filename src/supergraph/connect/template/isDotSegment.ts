/** Whether a segment of a path means another one to those who read URLs: `.` or `..`, also percent-encoded (WHATWG URL). */
export function isDotSegment(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment);
}
