-- The organisation, its one ordered stream, who works there, and what customers and agents said.

create table orgs (
  id uuid primary key,
  name text not null,
  is_demo boolean not null default false,
  created_at bigint not null
);

-- One row per organisation: the head of its stream and of its audit chain. Changed only by the commit function.
create table org_heads (
  org uuid primary key references orgs (id),
  seq bigint not null default 0,
  mark text not null default '',
  -- what was gone before this seq is forgotten: who asks from before it starts over
  horizon bigint not null default 0,
  chain_no bigint not null default 0,
  chain_hash text not null
);

-- The latest version of every replicated row. body null = gone (kept until no desk can ask from before it).
create table replica (
  org uuid not null,
  scope text not null,
  entity text not null,
  id text not null,
  seq bigint not null,
  body text,
  cmd uuid,
  at bigint not null,
  primary key (org, scope, entity, id)
);
create unique index replica_by_seq on replica (org, seq);
create index replica_by_scope on replica (org, scope, seq);

-- Which seqs one commit wrote, and the random mark that tells a restored past from this one.
create table commit_log (
  org uuid not null,
  last_seq bigint not null,
  first_seq bigint not null,
  mark text not null,
  at bigint not null,
  primary key (org, last_seq)
);

-- Which device may see which scope, and why; mirrored by the rows of scope device:D.
create table holdings (
  org uuid not null,
  device uuid not null,
  scope text not null,
  cause text not null,
  primary key (org, device, scope, cause)
);
create index holdings_by_scope on holdings (org, scope);
create index holdings_by_cause on holdings (org, cause);

-- The settled answer to every command, for as long as a desk may be away.
create table outcomes (
  org uuid not null,
  device uuid not null,
  n bigint not null,
  id uuid not null,
  status text not null,
  error text,
  seq bigint not null,
  at bigint not null,
  primary key (org, device, n)
);
create index outcomes_by_id on outcomes (org, id);
create index outcomes_by_seq on outcomes (org, device, seq);

-- Append-only: the chain's number is unique, so it cannot fork; a trigger refuses change and deletion.
create table audit_entries (
  org uuid not null,
  chain_no bigint not null,
  at bigint not null,
  actor_id uuid,
  act text not null,
  status text not null,
  entry text not null,
  hash text not null,
  primary key (org, chain_no)
);
create index audit_entries_by_actor on audit_entries (org, actor_id, chain_no);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit entries are never changed or deleted' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entries_append_only before update or delete on audit_entries
  for each row execute function refuse_change();

create table persons (
  org uuid not null,
  id uuid not null,
  name text not null,
  email text not null,
  role text not null,
  password_hash text,
  is_disabled boolean not null default false,
  must_change_password boolean not null default false,
  created_at bigint not null,
  last_sign_in_at bigint,
  primary key (org, id),
  unique (org, email)
);

create table teams (
  org uuid not null,
  id uuid not null,
  name text not null,
  region text not null default '',
  primary key (org, id)
);

create table memberships (
  org uuid not null,
  team_id uuid not null,
  person_id uuid not null,
  primary key (org, team_id, person_id)
);
create index memberships_by_person on memberships (org, person_id);

create table devices (
  org uuid not null,
  id uuid not null,
  person_id uuid not null,
  label text not null,
  public_key text not null,
  state text not null default 'active',
  last_n bigint not null default 0,
  last_id uuid,
  enrolled_at bigint not null,
  last_seen_at bigint,
  primary key (org, id)
);
create index devices_by_person on devices (org, person_id);

create table session_tokens (
  org uuid not null,
  device uuid not null,
  access_hash text not null,
  access_until bigint not null,
  refresh_hash text not null,
  -- the refresh token before this one: still good until the new one was used once, so that a lost answer locks nobody out
  previous_refresh_hash text,
  refresh_until bigint not null,
  primary key (org, device)
);
create unique index session_tokens_by_access on session_tokens (access_hash);

create table stations (
  org uuid not null,
  id uuid not null,
  token_hash text not null,
  label text not null,
  created_at bigint not null,
  primary key (org, id)
);
create unique index stations_by_token on stations (token_hash);

create table enrol_codes (
  org uuid not null,
  id uuid not null,
  code_hash text not null,
  until bigint not null,
  used_at bigint,
  primary key (org, id)
);
create unique index enrol_codes_by_hash on enrol_codes (code_hash);

create table presences (
  org uuid not null,
  person_id uuid not null,
  device uuid not null,
  state text not null,
  beat_at bigint not null,
  since bigint not null,
  drafts text not null default '[]',
  primary key (org, person_id)
);

create table customers (
  org uuid not null,
  id uuid not null,
  name text not null,
  email text,
  phone text,
  tier text not null default 'standard',
  region text not null default '',
  language text not null default 'en',
  verification text not null default 'anonymous',
  since bigint,
  source text not null,
  -- the id the customer has at the shop, when known
  external_id text,
  as_of bigint not null,
  primary key (org, id)
);
create unique index customers_by_external on customers (org, external_id) where external_id is not null;

create table contacts (
  org uuid not null,
  id uuid not null,
  customer_id uuid not null,
  channel text not null,
  started_at bigint not null,
  ended_at bigint,
  topic text not null,
  resolution text,
  agent_name text,
  primary key (org, id)
);
create index contacts_by_customer on contacts (org, customer_id, started_at);

create table orders (
  org uuid not null,
  id uuid not null,
  customer_id uuid not null,
  number text not null,
  placed_at bigint not null,
  promised_at bigint,
  stage text not null,
  stage_at bigint not null,
  trouble text,
  lines text not null,
  currency text not null,
  total_minor bigint not null,
  captured_minor bigint not null,
  refunded_minor bigint not null default 0,
  source text not null,
  as_of bigint not null,
  primary key (org, id),
  unique (org, number)
);
create index orders_by_customer on orders (org, customer_id);

create table conversations (
  org uuid not null,
  id uuid not null,
  team_id uuid not null,
  customer_id uuid not null,
  customer_name text not null,
  channel text not null,
  -- who writes on the channel's other end (a visitor of the widget)
  visitor_id uuid,
  state text not null,
  owner_id uuid,
  created_at bigint not null,
  last_order bigint not null default 0,
  last_at bigint not null,
  last_customer_order bigint not null default 0,
  waiting_since bigint,
  snippet_from text not null,
  snippet_text text not null,
  resolution text,
  resolved_at bigint,
  primary key (org, id)
);
create index conversations_by_visitor on conversations (org, visitor_id, created_at) where visitor_id is not null;
create index conversations_by_owner on conversations (org, owner_id) where owner_id is not null;
create index conversations_by_customer on conversations (org, customer_id);

create table messages (
  org uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  ord bigint not null,
  speaker text not null,
  author_id uuid,
  author_name text not null,
  text text not null,
  at bigint not null,
  written_at bigint,
  primary key (org, id),
  unique (org, conversation_id, ord)
);

create table notes (
  org uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  ord bigint not null,
  author_id uuid not null,
  author_name text not null,
  text text not null,
  at bigint not null,
  primary key (org, id)
);

create table receipts (
  org uuid not null,
  conversation_id uuid not null,
  party text not null,
  delivered_up_to bigint not null,
  read_up_to bigint not null,
  at bigint not null,
  primary key (org, conversation_id, party)
);
