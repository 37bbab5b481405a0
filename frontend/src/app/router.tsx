import type { I18n } from '@lingui/core';
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type RouterHistory,
} from '@tanstack/react-router';
import { applicationsQuery, connectionsQuery, exampleQuery, factQuery, groupsQuery, overviewQuery, policiesQuery, sessionQuery, storyQuery, streamsQuery } from '../api/queries';
import { grainOf, parseSearch, readQuery, writeQuery, type RawSearch } from '../url/state';
import { incidentQuery } from '../api/incident';
import { sloQuery } from '../api/slos';
import { known } from '../api/known';
import { addTexts, type TextPart } from '../i18n/i18n';
import { overviewDays } from './days';
import { NotFound } from './NotFound';
import { Root } from './Root';
import { Shell } from './Shell';

interface Context {
  readonly queryClient: QueryClient;
  /** Given by the application around the routes. */
  readonly i18n?: I18n;
}

/** Loads the texts of a page beside its code. */
async function texts({ i18n }: Context, ...parts: TextPart[]): Promise<void> {
  if (i18n) await Promise.all(parts.map((part) => addTexts(i18n, part)));
}

const explainTexts: TextPart = () => import('../explain/messages.en');
const overviewTexts: TextPart = () => import('../features/overview/messages.en');
const eventTexts: TextPart = () => import('../features/events/messages.en');
const deliveryTexts: TextPart = () => import('../features/deliveries/messages.en');
const applicationTexts: TextPart = () => import('../features/application/messages.en');
const deploymentTexts: TextPart = () => import('../features/deployment/messages.en');
const judgedTexts: TextPart = () => import('../features/delivery/messages.en');
const incidentTexts: TextPart = () => import('../features/incident/messages.en');
const groupTexts: TextPart = () => import('../features/groups/messages.en');
const flowTexts: TextPart = () => import('../features/flow/messages.en');
const peerTexts: TextPart = () => import('../features/peer/messages.en');
const definitionTexts: TextPart = () => import('../features/definitions/messages.en');
const qualityTexts: TextPart = () => import('../features/connectors/quality/messages.en');
const connectorTexts: TextPart = () => import('../features/connectors/messages.en');
const budgetTexts: TextPart = () => import('../features/budget/messages.en');
const spendTexts: TextPart = () => import('../features/budget/spend/messages.en');
const sloTexts: TextPart = () => import('../features/slos/messages.en');
const sloSuggestionTexts: TextPart = () => import('../features/slosuggestions/messages.en');
const suggestionTexts: TextPart = () => import('../features/suggestions/messages.en');
const changedTexts: TextPart = () => import('../features/changed/messages.en');

const rootRoute = createRootRouteWithContext<Context>()({
  component: () => (
    <Root>
      <Outlet />
    </Root>
  ),
  notFoundComponent: NotFound,
  validateSearch: (raw: Record<string, unknown>): RawSearch => raw as RawSearch,
  // The instant that figures are shown as of goes from page to page; an empty one ends it.
  search: {
    middlewares: [
      ({ search, next }) => {
        const { as_of: wanted = search['as_of'], ...rest } = next(search);
        return wanted ? { ...rest, as_of: wanted } : rest;
      },
    ],
  },
  beforeLoad: ({ search, preload }) => {
    if (!preload) known.asOf = parseSearch(search).state.as_of;
  },
});

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async ({ context }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery).catch(() => null);
    const first = session?.workspaces[0];
    if (first) throw redirect({ to: '/w/$workspace/overview', params: { workspace: first.slug }, search: {} });
  },
  component: NotFound,
});

const workspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/w/$workspace',
  component: Shell,
  notFoundComponent: NotFound,
});

const workspaceHomeRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/w/$workspace/overview', params, search: {} });
  },
});

/** Asks for the data while the page's code is on its way; errors are shown by the page. */
const overviewRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/overview',
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => {
    const { state } = parseSearch(deps, overviewDays);
    void context.queryClient.prefetchQuery(
      overviewQuery({ workspace: params.workspace, range: state.range, grain: grainOf(state), bench: state.bench, group: state.group }),
    );
    return texts(context, explainTexts, judgedTexts, overviewTexts, budgetTexts);
  },
  component: lazyRouteComponent(() => import('../features/overview/OverviewPage'), 'OverviewPage'),
});

const applicationsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/applications',
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => {
    const { state } = parseSearch(deps);
    void context.queryClient.prefetchInfiniteQuery(
      applicationsQuery({ workspace: params.workspace, ...(state.group && { group: state.group }), ...(state.q && { q: state.q }) }),
    );
  },
  component: lazyRouteComponent(() => import('../features/applications/ApplicationsPage'), 'ApplicationsPage'),
});

const suggestionsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/suggestions',
  loader: ({ context }) => texts(context, suggestionTexts),
  component: lazyRouteComponent(() => import('../features/suggestions'), 'SuggestionsPage'),
});

const applicationRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/applications/$slug',
  loader: ({ context }) => texts(context, explainTexts, applicationTexts, judgedTexts, budgetTexts, spendTexts),
  component: lazyRouteComponent(() => import('../routes/ApplicationRoute'), 'ApplicationRoute'),
});

const slosRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/slos',
  loader: ({ context }) => texts(context, budgetTexts, sloTexts),
  component: lazyRouteComponent(() => import('../features/slos'), 'SlosPage'),
});

const newSloRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/slos/new',
  loader: ({ context }) => texts(context, budgetTexts, sloTexts),
  component: lazyRouteComponent(() => import('../features/slos'), 'NewSloPage'),
});

const sloSuggestionsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/slos/suggestions',
  loader: ({ context }) => texts(context, budgetTexts, sloSuggestionTexts),
  component: lazyRouteComponent(() => import('../features/slosuggestions'), 'SloSuggestionsPage'),
});

const sloRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/slos/$id',
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(sloQuery(params.workspace, params.id));
    return texts(context, budgetTexts, spendTexts, sloTexts);
  },
  component: lazyRouteComponent(() => import('../features/slos'), 'SloPage'),
});

const editSloRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/slos/$id/edit',
  loader: ({ context }) => texts(context, budgetTexts, sloTexts),
  component: lazyRouteComponent(() => import('../features/slos'), 'EditSloPage'),
});

const deploymentRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/deployments/$id',
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(storyQuery(params.workspace, params.id));
    void context.queryClient.prefetchQuery(factQuery(params.workspace, params.id));
    return texts(context, explainTexts, applicationTexts, eventTexts, deliveryTexts, deploymentTexts);
  },
  component: lazyRouteComponent(() => import('../features/deployment'), 'DeploymentPage'),
});

const incidentRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/incidents/$id',
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(incidentQuery(params.workspace, params.id));
    return texts(context, incidentTexts);
  },
  component: lazyRouteComponent(() => import('../features/incident'), 'IncidentPage'),
});

const changedRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/changed',
  loader: ({ context }) => texts(context, explainTexts, applicationTexts, eventTexts, changedTexts),
  component: lazyRouteComponent(() => import('../features/changed'), 'ChangedPage'),
});

const flowRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/value-stream',
  loader: ({ context }) => texts(context, explainTexts, judgedTexts, flowTexts),
  component: lazyRouteComponent(() => import('../features/flow'), 'FlowPage'),
});

const peerRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/peer',
  loader: ({ context }) => texts(context, peerTexts),
  component: lazyRouteComponent(() => import('../features/peer'), 'PeerPage'),
});

const definitionsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/definitions',
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(policiesQuery(params.workspace));
    return texts(context, definitionTexts);
  },
  component: lazyRouteComponent(() => import('../features/definitions'), 'DefinitionsPage'),
});

const groupsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/groups',
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(groupsQuery(params.workspace));
    return texts(context, explainTexts, judgedTexts, overviewTexts, groupTexts);
  },
  component: lazyRouteComponent(() => import('../features/groups/GroupsPage'), 'GroupsPage'),
});

const groupRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/groups/$slug',
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => {
    const { state } = parseSearch(deps);
    void context.queryClient.prefetchQuery(
      overviewQuery({ workspace: params.workspace, range: state.range, grain: grainOf(state), bench: state.bench, group: params.slug, ownership: state.ownership }),
    );
    return texts(context, explainTexts, judgedTexts, overviewTexts, groupTexts);
  },
  component: lazyRouteComponent(() => import('../features/groups/GroupPage'), 'GroupPage'),
});

const capabilityRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/capabilities/$slug',
  loader: ({ context }) => texts(context, explainTexts, judgedTexts, overviewTexts, groupTexts),
  component: lazyRouteComponent(() => import('../features/groups/GroupPage'), 'CapabilityPage'),
});

const eventsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/events',
  loader: ({ context }) => texts(context, explainTexts, eventTexts, deliveryTexts),
  component: lazyRouteComponent(() => import('../features/events/EventsPage'), 'EventsPage'),
});

const connectorsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/connectors',
  loader: async ({ context, params: { workspace } }) => {
    const { queryClient: client } = context;
    await Promise.allSettled([client.ensureQueryData(connectionsQuery(workspace)), client.ensureQueryData(policiesQuery(workspace))]);
    return texts(context, explainTexts, eventTexts, deliveryTexts, connectorTexts, qualityTexts);
  },
  component: lazyRouteComponent(() => import('../features/connectors'), 'ConnectorsPage'),
});

const connectorRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/connectors/$id',
  // All that the page begins with is there before it is shown, so that nothing moves.
  loader: async ({ context, params: { workspace, id } }) => {
    const { queryClient: client } = context;
    await Promise.allSettled([
      client.ensureQueryData(connectionsQuery(workspace)),
      client.ensureQueryData(streamsQuery(workspace, id)),
      client.ensureQueryData(exampleQuery(workspace, id)),
      client.ensureQueryData(policiesQuery(workspace)),
    ]);
    return texts(context, explainTexts, eventTexts, deliveryTexts, connectorTexts);
  },
  component: lazyRouteComponent(() => import('../features/connectors'), 'ConnectionPage'),
});

const routeTree = rootRoute.addChildren([
  homeRoute,
  workspaceRoute.addChildren([
    workspaceHomeRoute,
    overviewRoute,
    applicationsRoute,
    applicationRoute,
    suggestionsRoute,
    slosRoute,
    newSloRoute,
    sloSuggestionsRoute,
    sloRoute,
    editSloRoute,
    deploymentRoute,
    incidentRoute,
    changedRoute,
    peerRoute,
    definitionsRoute,
    flowRoute,
    groupsRoute,
    groupRoute,
    capabilityRoute,
    eventsRoute,
    connectorsRoute,
    connectorRoute,
  ]),
]);

/** The routes of the product over a cache; a test brings its own history. */
export function createAppRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch: readQuery,
    stringifySearch: (search) => writeQuery(search as RawSearch),
    defaultPreload: 'intent',
    scrollRestoration: true,
    ...(history && { history }),
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
