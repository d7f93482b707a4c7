-- How many commands a revoked device still had to send when it learned that it is revoked, and wiped them.
alter table devices add column lost bigint not null default 0;
