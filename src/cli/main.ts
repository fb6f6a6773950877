#!/usr/bin/env node
import { ORIGIN_VARIABLE } from './process/messages.js';
import { prestartThreads } from './process/prestartThreads.js';

// A serving process. Before anything else is loaded, which takes a second.
if (process.env[ORIGIN_VARIABLE] !== undefined) void prestartThreads();
await import('./program.js');
