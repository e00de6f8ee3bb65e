// The frame around an agent's page: rail, name, warnings. Filled by boot from the domains.

export interface RailItem {
  key: string;
  href: string;
  icon: string;
  label: string;
  count?: number;
  current: boolean;
}

export interface Shell {
  company: string;
  agent: { name: string; initials: string; hue: number };
  rail: RailItem[];
  /** Sentences that everybody should see, such as "this page is not encrypted". */
  warnings: string[];
  /** Subjects of the settings pages this agent may open. */
  settings: { href: string; label: string; current: boolean }[];
}
