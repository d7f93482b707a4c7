import type { WriteTx } from '#server/db/tx.ts';
import type { RowWrite } from '#server/replica/row-write.ts';
import type { Contact, Customer } from '#shared/customer/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import * as store from './store.ts';

export { customerByExternal, customerById } from './store.ts';

function customerRow(customer: Customer): RowWrite {
  return { scope: scopeOf.customer(customer.id), entity: 'customer', id: customer.id, body: customer };
}

function contactRow(contact: Contact): RowWrite {
  return { scope: scopeOf.customer(contact.customerId), entity: 'contact', id: contact.id, body: contact };
}

/** Takes customers in; answers their rows. externalId = the id at the shop, when known. */
export async function addCustomers(
  tx: WriteTx,
  org: Id,
  list: readonly (Customer & { externalId: string | null })[],
): Promise<RowWrite[]> {
  await store.insertCustomers(tx, org, list);
  return list.map(({ externalId: _kept, ...customer }) => customerRow(customer));
}

/** Takes contacts in (a conversation that starts, or past ones); answers their rows. */
export async function addContacts(tx: WriteTx, org: Id, list: readonly Contact[]): Promise<RowWrite[]> {
  await store.insertContacts(tx, org, list);
  return list.map(contactRow);
}

/** A contact has ended. Nothing to write when it is not known. */
export async function endContact(
  tx: WriteTx,
  org: Id,
  id: Id,
  end: { at: number; resolution: Contact['resolution']; agentName: string },
): Promise<RowWrite[]> {
  const contact = await store.setContactEnd(tx, org, id, end);
  return contact ? [contactRow(contact)] : [];
}

/** A contact goes on again. */
export async function resumeContact(tx: WriteTx, org: Id, id: Id): Promise<RowWrite[]> {
  const contact = await store.setContactEnd(tx, org, id, { at: null, resolution: null, agentName: null });
  return contact ? [contactRow(contact)] : [];
}
