import { render } from '@testing-library/react';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { Gallery } from './gallery.tsx';

// Colours need a real browser; names, roles and structure are judged here.
const rules = { 'color-contrast': { enabled: false } };

test.each(['#gallery', '#gallery-desk'])('axe finds nothing in %s', async (hash) => {
  const { container } = render(<Gallery hash={hash} locale="en-GB" />);
  expect(container.querySelectorAll('section').length).toBeGreaterThan(5);
  const found = await axe.run(container, { rules, resultTypes: ['violations'] });
  expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`)).toEqual([]);
});
