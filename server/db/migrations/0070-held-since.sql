-- Since when without a break a device holds a scope: one value for all its causes, another after every break. A desk that
-- sees another value than it knows fetches the scope anew: of a holding that went and came it may only see the coming.
alter table holdings add column since text not null default '';
