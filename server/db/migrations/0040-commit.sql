-- The writes of one commit as one statement: seqs, marks, chain and outcome are counted here, where the head is, so that no
-- answer travels to the hub and back while the organisation's lock is held. The caller holds that lock already.
-- An audit entry comes as the four pieces of its canonical JSON around its number, its hash and the hash before it; the hash
-- is taken over the text without its own member, as shared/audit/rules.ts says and `hub verify` checks.
create function commit_to_stream(
  the_org uuid, the_at bigint, the_cmd uuid, the_mark text,
  scopes text[], entities text[], ids text[], bodies text[],
  actors uuid[], acts text[], statuses text[], befores text[], middles text[], lasts text[], afters text[],
  the_device uuid, the_n bigint, the_id uuid, the_status text, the_error text
) returns bigint language plpgsql as $$
declare
  head org_heads%rowtype;
  first bigint;
  last bigint;
  fresh text;
begin
  select * into strict head from org_heads where org = the_org;
  first := head.seq + 1;
  -- A commit without rows still takes a place, so that its outcome has one.
  last := head.seq + greatest(1, cardinality(ids));
  insert into replica (org, scope, entity, id, seq, body, cmd, at)
    select the_org, s, e, i, first + o - 1, b, the_cmd, the_at
    from unnest(scopes, entities, ids, bodies) with ordinality as t(s, e, i, b, o) where b is not null
    on conflict (org, scope, entity, id) do update set seq = excluded.seq, body = excluded.body, cmd = excluded.cmd, at = excluded.at;
  if array_position(bodies, null) is not null then
    update replica r set seq = first + t.o - 1, body = null, cmd = the_cmd, at = the_at
      from unnest(scopes, entities, ids, bodies) with ordinality as t(s, e, i, b, o)
      where t.b is null and r.org = the_org and r.scope = t.s and r.entity = t.e and r.id = t.i;
  end if;
  for k in 1 .. cardinality(befores) loop
    head.chain_no := head.chain_no + 1;
    fresh := encode(sha256(convert_to(
      befores[k] || head.chain_no || middles[k] || lasts[k] || '"' || head.chain_hash || '"' || afters[k], 'UTF8')), 'hex');
    insert into audit_entries (org, chain_no, at, actor_id, act, status, entry, hash)
      values (the_org, head.chain_no, the_at, actors[k], acts[k], statuses[k],
        befores[k] || head.chain_no || middles[k] || '"hash":"' || fresh || '",' || lasts[k] || '"' || head.chain_hash || '"' || afters[k],
        fresh);
    head.chain_hash := fresh;
  end loop;
  insert into commit_log (org, last_seq, first_seq, mark, at) values (the_org, last, first, the_mark, the_at);
  if the_device is not null then
    insert into outcomes (org, device, n, id, status, error, seq, at)
      values (the_org, the_device, the_n, the_id, the_status, the_error, last, the_at);
    update devices set last_n = the_n, last_id = the_id where org = the_org and id = the_device;
  end if;
  update org_heads set seq = last, mark = the_mark, chain_no = head.chain_no, chain_hash = head.chain_hash where org = the_org;
  return last;
end $$;
