import './workers';

import { GraphiQL } from 'graphiql';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';

import 'graphiql/style.css';
import { createAsk } from './ask';
import type { Outcome } from './ask';
import { PlanPanel } from './PlanPanel';
import { settings } from './settings';
import './page.css';

const WELCOME = `# Write a query and press Ctrl-Enter (Cmd-Enter on a Mac).
# Ctrl-Space completes; the book on the left is the documentation of the graph.

{
  __typename
}
`;

const tabs = (settings.examples.length > 0 ? settings.examples : [WELCOME]).map((query) => ({ query }));

function Playground() {
  const [outcome, setOutcome] = useState<Outcome>();
  const [ask] = useState(() => createAsk(setOutcome));
  return (
    <>
      <GraphiQL
        fetcher={ask}
        defaultTabs={tabs}
        defaultQuery={WELCOME}
        defaultEditorToolsVisibility={false}
        shouldPersistHeaders={false}
        onTabChange={() => setOutcome(undefined)}
      >
        <GraphiQL.Logo>Portico</GraphiQL.Logo>
      </GraphiQL>
      <PlanPanel outcome={outcome} />
    </>
  );
}

createRoot(document.getElementById('root')!).render(<Playground />);
