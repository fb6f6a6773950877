/** The thread that examines a supergraph. In a file of its own, to be started before anything else is loaded. */
export const READ_THREAD = { entry: new URL('./readWorker.js', import.meta.url), name: 'portico-reader' };
