/** Whether a schema links Apollo Connectors, of whatever version: it says itself where its REST services are. By its text, unparsed. */
export function linksConnectors(sdl: string): boolean {
  return /specs\.apollo\.dev\/connect\/v/.test(sdl);
}
