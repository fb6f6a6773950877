import { testManyGraphs } from '../../support/manyGraphs.js';

testManyGraphs('star');
