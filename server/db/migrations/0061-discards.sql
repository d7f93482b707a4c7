-- Why people gave commands up, in their own words. Those may name a customer, so they stand here, where they can be deleted,
-- and not in the audit chain, which never changes.
create table discards (
  org uuid not null,
  command_id uuid not null,
  person_id uuid not null,
  kind text not null,
  reason text not null,
  at bigint not null,
  primary key (org, command_id)
);
