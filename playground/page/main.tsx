import './workers';

import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

import 'graphiql/style.css';
import { createAsk } from './ask';
import type { Outcome } from './ask';
import { IdentityPicker } from './IdentityPicker';
import { PlanPanel } from './PlanPanel';
import { settings } from './settings';
import type { Identity } from './settings';
import './page.css';

const WELCOME = `# Write a query and press Ctrl-Enter (Cmd-Enter on a Mac).
# Ctrl-Space completes; the book on the left is the documentation of the graph.

{
  __typename
}
`;

const tabs = (settings.examples.length > 0 ? settings.examples : [WELCOME]).map((query) => ({ query }));

function Playground() {
  const [outcomes, setOutcomes] = useState<Readonly<Record<string, Outcome | undefined>>>({});
  const [tab, setTab] = useState('');
  // Read when an operation is sent, which may be before the change of tabs is on the screen.
  const tabNow = useRef(tab);
  const [watch] = useState(() => (id: string) => {
    tabNow.current = id;
    setTab(id);
  });
  const [caller, setCaller] = useState<Identity>();
  const callerNow = useRef(caller);
  const [ask] = useState(() =>
    createAsk(
      () => callerNow.current,
      () => {
        const asking = tabNow.current;
        return (outcome) => setOutcomes((known) => ({ ...known, [asking]: outcome }));
      },
    ),
  );
  const choose = (identity: Identity | undefined): void => {
    callerNow.current = identity;
    setCaller(identity);
  };
  return (
    <>
      <GraphiQL
        fetcher={ask}
        defaultTabs={tabs}
        defaultQuery={WELCOME}
        defaultEditorToolsVisibility={false}
        shouldPersistHeaders={false}
      >
        <GraphiQL.Logo>
          Portico
          <TabWatcher onTab={watch} />
          <SchemaOf caller={caller} />
        </GraphiQL.Logo>
      </GraphiQL>
      <PlanPanel outcome={outcomes[tab]}>
        {settings.identities.length > 0 && (
          <IdentityPicker identities={settings.identities} chosen={caller} onChoice={choose} />
        )}
      </PlanPanel>
    </>
  );
}

/** Says which tab is open; only what lives inside GraphiQL can know. */
function TabWatcher({ onTab }: { readonly onTab: (id: string) => void }) {
  const id = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.id ?? '');
  useLayoutEffect(() => onTab(id), [id, onTab]);
  return undefined;
}

/** Asks for the schema again when somebody else asks: introspection may depend on who does. */
function SchemaOf({ caller }: { readonly caller: Identity | undefined }) {
  const { introspect } = useGraphiQLActions();
  const known = useRef(caller);
  useEffect(() => {
    if (known.current !== caller) void introspect();
    known.current = caller;
  }, [caller, introspect]);
  return undefined;
}

createRoot(document.getElementById('root')!).render(<Playground />);
