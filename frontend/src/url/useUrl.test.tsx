import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { act, render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { readQuery, writeQuery, type RawSearch } from './state';
import { useUrl } from './useUrl';

/** A page that changes two parts of its address before the address is shown. */
function Page() {
  const { state, update } = useUrl();
  const both = () => {
    update({ kind: ['incident'] });
    update({ q: 'late' });
  };
  return (
    <button type="button" onClick={both}>
      {state.kind.join()} {state.q}
    </button>
  );
}

describe('the state of the address', () => {
  it('keeps a change that is not shown yet when another part is changed', async () => {
    const router = createRouter({
      routeTree: createRootRoute({ component: Page }),
      history: createMemoryHistory({ initialEntries: ['/?range=30d'] }),
      parseSearch: readQuery,
      stringifySearch: (search) => writeQuery(search as RawSearch),
    });
    render(<RouterProvider router={router} />);
    const page = await screen.findByRole('button');
    await act(async () => page.click());
    expect(page).toHaveTextContent('incident late');
    expect(router.state.location.searchStr).toBe('?range=30d&q=late&kind=incident');
  });
});
