-- Web sites that embed the chat widget, and the browsers that wrote from them.

create table sites (
  org uuid not null,
  id uuid not null,
  -- its public name in the widget's address
  key text not null,
  name text not null,
  -- where its conversations go
  team_id uuid not null,
  -- JSON list of exact origins that may frame the widget; 'self' = the hub's own
  allowed_origins text not null,
  -- shared with the site's server, which signs with it who a visitor is; base64url
  secret text not null,
  -- JSON, see server/widget/opening.ts; null = always open
  hours text,
  -- JSON: language -> what is said while closed
  away_text text not null default '{}',
  created_at bigint not null,
  primary key (org, id)
);
create unique index sites_by_key on sites (key);

create table visitors (
  org uuid not null,
  id uuid not null,
  site_id uuid not null,
  token_hash text not null,
  -- handed out and not used yet: the old token stays good until the new one has come back once
  next_token_hash text,
  -- who the site's server says it is; null = nobody knows
  subject text,
  name text,
  email text,
  customer_id uuid,
  language text not null,
  created_at bigint not null,
  last_seen_at bigint not null,
  signed_out_at bigint,
  primary key (org, id)
);
create unique index visitors_by_token on visitors (token_hash);
create unique index visitors_by_next_token on visitors (next_token_hash) where next_token_hash is not null;
create index visitors_by_subject on visitors (org, site_id, subject) where subject is not null;
