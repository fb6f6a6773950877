import { chain } from './chain.js';
import type { FederatedGraph } from './FederatedGraph.js';
import { library } from './library.js';
import { media } from './media.js';
import { settings } from './settings.js';
import { shop } from './shop.js';
import { tree } from './tree.js';

export const allGraphs: readonly FederatedGraph[] = [shop, library, media, chain, tree, settings];
