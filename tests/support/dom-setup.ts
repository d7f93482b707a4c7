/** Before every DOM test file: what is rendered in one test is gone before the next. */
import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

afterEach(cleanup);
