-- What housekeeping looks for, so that it need not look through everything.

create index replica_gone on replica (org, seq) where body is null;
create index outcomes_by_age on outcomes (org, at);
create index commit_log_by_age on commit_log (org, at);
create index conversations_let_go on conversations (org, resolved_at) where state = 'resolved' and owner_id is not null;
