import type { ReactNode } from 'react';
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components';

export interface TabEntry {
  id: string;
  title: ReactNode;
  content: ReactNode;
}

export interface TabsProps {
  label: string;
  tabs: readonly TabEntry[];
  selectedId?: string;
  onSelect?: (id: string) => void;
}

/** Pages of one place. Arrow keys move between the tabs. */
export function Tabs({ label, tabs, selectedId, onSelect }: TabsProps) {
  return (
    <AriaTabs
      className="flex min-h-0 flex-1 flex-col"
      {...(selectedId === undefined ? {} : { selectedKey: selectedId })}
      onSelectionChange={(key) => onSelect?.(String(key))}
    >
      <TabList aria-label={label} className="flex shrink-0 flex-wrap gap-x-1 border-b border-line px-4">
        {tabs.map((tab) => (
          <Tab
            key={tab.id}
            id={tab.id}
            className="ring-focus-inside -mb-px cursor-default border-b-2 border-transparent px-2 py-2.5 text-md font-medium text-ink-2 hover:text-ink selected:border-accent selected:text-ink forced-colors:border-[Canvas] forced-colors:selected:border-[Highlight]"
          >
            {tab.title}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="ring-focus-inside min-h-0 flex-1 overflow-auto p-4">
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
