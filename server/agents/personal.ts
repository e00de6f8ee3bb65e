// What personal data accounts hold: the firm's own people.
import { leadsTo, type PersonalDomain, personal, plain, unexported } from '../lib/personal';

export const agentsPersonal: PersonalDomain = {
  name: 'agents',
  tables: [
    {
      table: 'agents',
      why: 'accounts',
      kept: 'account',
      columns: {
        ...plain('id', 'compact_list', 'state'),
        ...personal('agent', 'identifier', 'nothing', 'public_id'),
        ...personal('agent', 'contact', 'nothing', 'name', 'email', 'email_key'),
        ...personal('agent', 'content', 'nothing', 'signature'),
        ...personal('agent', 'technical', 'nothing', 'role', 'password_hash', 'language', 'time_zone'),
        ...personal('agent', 'behaviour', 'nothing', 'created_at', 'last_seen_at', 'away_since'),
      },
    },
    {
      table: 'sessions',
      why: 'security',
      kept: 'account',
      columns: {
        ...plain('id'),
        ...leadsTo('agent', 'agent_id'),
        ...personal('agent', 'identifier', 'nothing', 'token_hash'),
        ...personal('agent', 'technical', 'nothing', 'short_ip', 'browser'),
        ...personal('agent', 'behaviour', 'nothing', 'created_at', 'seen_at', 'expires_at'),
      },
    },
    {
      table: 'agent_tokens',
      why: 'security',
      kept: 'account',
      columns: {
        ...plain('id', 'purpose', 'created_at', 'expires_at', 'used_at'),
        ...leadsTo('agent', 'agent_id'),
        ...unexported('agent', 'identifier', 'nothing', 'token_hash'),
      },
    },
    {
      table: 'teams',
      why: 'settings',
      kept: 'firm',
      columns: plain('id', 'name', 'created_at', 'deleted_at', 'moves_to_id'),
    },
    {
      table: 'team_members',
      why: 'settings',
      kept: 'account',
      key: 'team_id, agent_id',
      columns: { ...plain('team_id'), ...leadsTo('agent', 'agent_id') },
    },
  ],
};
