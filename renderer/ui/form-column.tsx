import type { ReactNode } from 'react';
import { Form } from 'react-aria-components';

/** Fields under each other; Enter in a field submits. */
export function FormColumn({ children, onSubmit }: { children: ReactNode; onSubmit: () => void }) {
  return (
    <Form
      validationBehavior="aria"
      className="flex w-full max-w-md min-w-0 flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </Form>
  );
}
