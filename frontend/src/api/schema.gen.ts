// Generated from openapi.json by "npm run generate". Do not edit.

export interface paths {
    "/api/v1/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Applications */
        get: operations["list-applications"];
        put?: never;
        /** Register an application, or add claims to it */
        post: operations["register-application"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One application */
        get: operations["get-application"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assisted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes made with a model's help beside others, matched by application and size */
        get: operations["assisted"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what */
        get: operations["list-audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/badges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Signed addresses of badges, pictures of a figure for pages of others */
        get: operations["list-badges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/benchmarks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Published benchmark sets */
        get: operations["list-benchmarks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Business capabilities */
        get: operations["list-capabilities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/changed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changed in an application and in what it needs */
        get: operations["changed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes, newest first */
        get: operations["list-changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/changes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One change */
        get: operations["get-change"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Connections of a workspace, and what came through them */
        get: operations["list-connections"];
        put?: never;
        /** Let an installation of a source deliver */
        post: operations["create-connection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change name, secrets or settings of a connection */
        put: operations["change-connection"];
        post?: never;
        /** Remove a connection; its deliveries stay */
        delete: operations["remove-connection"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/alert-rules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What rules would make of the alerts of the last 30 days; nothing is stored */
        post: operations["preview-alert-rules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/example": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A delivery to send by hand, which changes nothing */
        get: operations["get-connection-example"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/streams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is read of the vendor of a connection, and where reading stands */
        get: operations["list-streams"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data-quality/anomalies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What looks wrong with the data */
        get: operations["data-anomalies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data-quality/chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of all that arrived on its way to a figure */
        get: operations["data-chain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data-quality/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which signals of each application flow, are stale or were never seen, and why */
        get: operations["data-coverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/data-quality/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same, added up by group */
        get: operations["data-coverage-groups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deliveries, newest first */
        get: operations["list-deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Parse kept deliveries again */
        post: operations["replay-deliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One delivery, what was sent and what it became */
        get: operations["get-delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dependencies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Dependencies between applications */
        get: operations["list-dependencies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deployments, newest first */
        get: operations["list-deployments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deployments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One deployment */
        get: operations["get-deployment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deployments/{id}/story": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One deployment, what it shipped and what followed */
        get: operations["deployment-story"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One figure, and every fact behind it */
        get: operations["explain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Facts of every kind, newest first; as a file where Accept asks for NDJSON or CSV */
        get: operations["list-facts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/facts/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many facts there are, over time and by value */
        get: operations["summarise-facts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/facts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One fact of any kind, what was said of it, and where it is counted */
        get: operations["get-fact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Groups */
        get: operations["list-groups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Incidents, newest first */
        get: operations["list-incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One incident, what it was laid to and why, and what may have caused it */
        get: operations["get-incident"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say which deployments caused an incident, or that none did */
        post: operations["link-incident"];
        /** Give the question what caused an incident back to the rules */
        delete: operations["withdraw-incident-link"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/dora": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The five DORA metrics of an application, group or workspace */
        get: operations["dora"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One answer for the executive overview */
        get: operations["overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Our figures beside those of another product on the same facts, and what makes them differ */
        get: operations["peer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Versions of the policy, newest first */
        get: operations["list-policies"];
        put?: never;
        /** Put a policy in force as the next version */
        post: operations["save-policy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a policy would make of the last year; nothing is stored */
        post: operations["preview-policy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One version of the policy */
        get: operations["get-policy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Measured series, which service levels can be made of */
        get: operations["list-series"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-levels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Error budgets, the least first */
        get: operations["list-service-levels"];
        put?: never;
        /** Keep the document of a new service level */
        post: operations["create-service-level"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-levels/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep many documents as new service levels */
        post: operations["accept-service-levels"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-levels/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Where a document would stand; nothing is stored */
        post: operations["preview-service-level"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-levels/suggestions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin to look for what services could promise, from what a Prometheus knows of them */
        post: operations["suggest-service-levels"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-levels/suggestions/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the last search is, and what services could promise */
        get: operations["get-service-level-search"];
        put?: never;
        post?: never;
        /** Stop the search that runs */
        delete: operations["stop-service-level-search"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-levels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One service level, its objectives and its definition */
        get: operations["get-service-level"];
        /** Keep a document as the next version */
        put: operations["change-service-level"];
        post?: never;
        /** Retire a service level; its past stays */
        delete: operations["retire-service-level"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-levels/{id}/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alerts that stood, the newest first */
        get: operations["service-level-alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-levels/{id}/burn": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How fast a budget is spent, and what would raise an alert */
        get: operations["service-level-burn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-levels/{id}/burndown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a budget was spent, and what becomes of it */
        get: operations["service-level-burndown"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-levels/{id}/corrections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that a stretch of time does not count */
        post: operations["correct-service-level"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-levels/{id}/corrections/{correction}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Withdraw a correction; it stays in the audit */
        delete: operations["withdraw-correction"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-levels/{id}/spend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who spent a budget */
        get: operations["service-level-spend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-levels/{id}/what-if": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the past would look with other targets */
        get: operations["service-level-what-if"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in, and to what */
        get: operations["session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session */
        post: operations["sign-out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sources that can deliver */
        get: operations["list-sources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/suggestions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What files suggest of applications, until people decide */
        get: operations["list-suggestions"];
        put?: never;
        /** Read files that tell who owns what; the catalogue stays as it is */
        post: operations["read-suggestions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/suggestions/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make suggestions hold */
        post: operations["accept-suggestions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/suggestions/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put suggestions aside until their source says something else */
        post: operations["dismiss-suggestions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/suggestions/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring dismissed suggestions back */
        post: operations["reopen-suggestions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tables/{table}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A table or series as a CSV or NDJSON file, with its definitions */
        get: operations["get-table"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens of a workspace */
        get: operations["list-tokens"];
        put?: never;
        /** Make a token; its secret is shown once */
        post: operations["create-token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a token */
        delete: operations["revoke-token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/unclaimed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Facts that no application claims */
        get: operations["list-unclaimed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/value-stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the changes of an application, group or workspace spend their time */
        get: operations["value-stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/value-stream/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The changes that took longest */
        get: operations["value-stream-changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptLevelsInputBody: {
            /** @description OpenSLO v1, YAML: one SLO each */
            documents: string[];
        };
        AcceptSuggestionsInputBody: {
            /** @description Make groups, capabilities and applications that the catalogue lacks */
            create?: boolean;
            /**
             * @description Since when groups own: a date, which begins in the time zone of the policy, an instant, or beginning; now where it is left out
             * @example 2026-11-01
             */
            from?: string;
            ids: string[];
        };
        AcceptedLevel: {
            /** @description Why it is not kept; empty if it is */
            error: string;
            id: string;
            /**
             * Format: int64
             * @description Of the version
             */
            number: number;
            /** @description False where the content was in force already */
            saved: boolean;
        };
        AlertIncident: {
            application: string;
            environment: string;
            id: string;
            /** Format: date-time */
            opened_at: string;
            origin: string;
            /**
             * Format: date-time
             * @description Null while it is open
             */
            resolved_at: string | null;
            severity: string;
        };
        AlertPreview: {
            /**
             * Format: int64
             * @description Firings that began in the window
             */
            alerts: number;
            applications: components["schemas"]["PreviewRow"][];
            /** Format: int64 */
            applications_total: number;
            /**
             * Format: int64
             * @description Firings of which nobody told the end for more than a day
             */
            endless: number;
            /** Format: int64 */
            incidents: number;
            /**
             * Format: int64
             * @description Incidents that the rules in force have made in the window
             */
            incidents_before: number;
            /**
             * Format: int64
             * @description Those of them that a rule takes
             */
            matched: number;
            newest: components["schemas"]["AlertIncident"][];
            rules: components["schemas"]["AlertRulePreview"][];
            /** @description The figures in one English sentence */
            sentence: string;
            /**
             * Format: int64
             * @description Incidents that belong to no application, and bear on no figure
             */
            unclaimed: number;
            warnings: components["schemas"]["PreviewWarning"][];
            whole: components["schemas"]["PreviewRow"];
            window: components["schemas"]["Window"];
        };
        AlertRulePreview: {
            /** Format: int64 */
            alerts: number;
            /** Format: int64 */
            incidents: number;
            name: string;
        };
        AnomaliesView: {
            /** Format: date-time */
            at: string;
            items: components["schemas"]["DataAnomaly"][];
            /** @description How much was looked at, by kind: without data nothing is found, and nothing is said to be right */
            looked: components["schemas"]["Looked"][];
            /** @description Always null: all are answered at once */
            next: string | null;
        };
        Anomaly: {
            /** Format: int64 */
            count: number;
            ids: string[];
            kind: string;
        };
        AnomalyExample: {
            /** @description Ids of facts */
            facts: string[];
            /**
             * Format: int64
             * @description How many facts of it there are; 0 for facts
             */
            n: number;
            /** @description What is not a fact: a repository, an origin, an application */
            text: string;
        };
        Answer: {
            /** @enum {string} */
            evidence: "published" | "quoted" | "single" | "unverified";
            /** Format: double */
            from: number;
            name: string;
            /** Format: double */
            share: number;
            /** Format: double */
            to: number | null;
        };
        Application: {
            cadence?: string;
            capability?: string;
            claims?: string[];
            group?: string;
            id: string;
            lifecycle?: string;
            name: string;
            owners?: components["schemas"]["Ownership"][];
            slug: string;
            /** Format: int64 */
            tier?: number;
        };
        ApplicationDetail: {
            cadence: string;
            capability: components["schemas"]["Named"] | null;
            claims: string[];
            /**
             * Format: int64
             * @description Deployments of any status and environment, over all time
             */
            deployments: number;
            environments: components["schemas"]["EnvironmentView"][];
            /** Format: date-time */
            first_fact_at: string | null;
            group: components["schemas"]["Named"] | null;
            id: string;
            /** Format: date-time */
            last_deployment_at: string | null;
            /** Format: date-time */
            last_fact_at: string | null;
            /** @description experimental, production or deprecated; empty is not stated */
            lifecycle: string;
            name: string;
            /** @description Who owned it one after the other, the owner of today last */
            owners: components["schemas"]["OwnerView"][];
            repositories: string[];
            slug: string;
            state: string;
            /**
             * Format: int64
             * @description 1 (most critical) to 4; 0 is unassessed
             */
            tier: number;
        };
        ApplicationView: {
            cadence: string;
            capability: components["schemas"]["Named"] | null;
            /**
             * Format: int64
             * @description Deployments of any status and environment, over all time
             */
            deployments: number;
            group: components["schemas"]["Named"] | null;
            id: string;
            /** Format: date-time */
            last_deployment_at: string | null;
            /** @description experimental, production or deprecated; empty is not stated */
            lifecycle: string;
            name: string;
            slug: string;
            state: string;
            /**
             * Format: int64
             * @description 1 (most critical) to 4; 0 is unassessed
             */
            tier: number;
        };
        AskedView: {
            /**
             * Format: int64
             * @description Lists of which all of the past is read
             */
            complete: number;
            /**
             * Format: int64
             * @description Records of the past that are read, of all lists
             */
            done: number;
            /** @description Why the last attempt failed; empty after one that did not */
            error: string;
            /**
             * Format: date-time
             * @description When the credentials end; null if never, or if the vendor does not say
             */
            expires_at: string | null;
            /**
             * Format: int64
             * @description Lists of which the last read failed
             */
            failing: number;
            /** @description Who the vendor takes us for; never a person */
            identity: string;
            /**
             * Format: date-time
             * @description When the vendor last said so; null before it has
             */
            last_at: string | null;
            limits: components["schemas"]["CallLimitView"][];
            /** Format: date-time */
            next_at: string;
            /** @description What the vendor's answers leave out or change, a sentence each */
            notes: string[];
            permissions: components["schemas"]["PermissionView"][];
            /**
             * Format: int64
             * @description Lists that are read
             */
            streams: number;
            /**
             * Format: int64
             * @description Records of the past, of all lists; null where the vendor does not say for each list that is not complete
             */
            total: number | null;
        };
        AssistedChanges: {
            /** Format: date-time */
            as_of: string;
            /** Format: int64 */
            bots: number;
            /** Format: int64 */
            changes: number;
            environment: string;
            matched: components["schemas"]["Matched"];
            /** Format: int64 */
            revision: number;
            rules: components["schemas"]["MarkRules"];
            scope: components["schemas"]["Scope"];
            share: components["schemas"]["Rate"];
            sides: components["schemas"]["AssistedSides"];
            time_zone: string;
            /** Format: int64 */
            unknown: number;
            /** Format: double */
            unknown_share: number | null;
            window: components["schemas"]["Window"];
        };
        AssistedSide: {
            fail: components["schemas"]["Rate"];
            /** Format: double */
            lead_median_seconds: number | null;
            /** Format: double */
            lines_median: number | null;
            /** Format: int64 */
            n: number;
            rework: components["schemas"]["Rate"];
        };
        AssistedSides: {
            assisted: components["schemas"]["AssistedSide"];
            other: components["schemas"]["AssistedSide"];
        };
        AttemptRate: {
            /** Format: int64 */
            cancelled: number;
            /** Format: int64 */
            failed: number;
            /** Format: double */
            high: number | null;
            /** Format: double */
            low: number | null;
            /** Format: int64 */
            n: number;
            /** Format: double */
            value: number | null;
        };
        Attribution: {
            automatic: components["schemas"]["Laid"];
            deployment: string | null;
            deployments: string[];
            elsewhere: boolean;
            /** Format: double */
            gap_seconds: number | null;
            inferred: boolean;
            rung: string | null;
            unlinked: boolean;
        };
        AuditView: {
            action: string;
            actor: string;
            /** Format: date-time */
            at: string;
            detail: string;
            id: string;
            object: string;
            request_id: string;
        };
        BadgeView: {
            /** @description The path below the server's public address, if it has one */
            address: string;
            label: string;
            markdown: string;
            metric: string;
            /** @description Path of the page that tells more, for those who may sign in */
            page: string;
            /** @description Path of the picture on this server; whoever knows it sees the figure */
            path: string;
            value: string;
        };
        Band: {
            /** @enum {string} */
            evidence: "published" | "quoted" | "single" | "unverified";
            /** Format: double */
            from?: number;
            name: string;
            /** Format: double */
            to?: number;
            /** Format: double */
            value?: number;
        };
        Baseline: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /** Format: int64 */
            weeks: number;
        };
        Batch: {
            /** Format: double */
            changes_median: number | null;
            /** Format: int64 */
            changes_n: number;
            /** Format: double */
            lines_median: number | null;
            /** Format: int64 */
            lines_n: number;
        };
        Benchmark: {
            bands: {
                [key: string]: components["schemas"]["Band"][];
            };
            distributions?: {
                [key: string]: components["schemas"]["Distribution"];
            };
            id: string;
            /** @enum {string} */
            kind: "cluster_centres" | "answer_distributions";
            name: string;
            quoted?: string[];
            /** Format: int64 */
            respondents?: number;
            /** @enum {string} */
            respondents_evidence?: "published" | "quoted" | "single" | "unverified";
            shares?: {
                [key: string]: number;
            };
            /** @enum {string} */
            shares_evidence?: "published" | "quoted" | "single" | "unverified";
            source: string;
            /** Format: int64 */
            year: number;
        };
        Break: {
            /** Format: date-time */
            at: string;
            note: string;
            version: string;
        };
        Bucket: {
            change_fail_rate: components["schemas"]["BucketFailRate"];
            change_lead_time: components["schemas"]["BucketLeadTime"];
            complete: boolean;
            deployment_frequency: components["schemas"]["BucketFrequency"];
            deployment_rework_rate: components["schemas"]["BucketRework"];
            failed_deployment_recovery_time: components["schemas"]["BucketRecovery"];
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
        };
        BucketFailRate: {
            /** Format: int64 */
            failed: number;
            /** Format: double */
            high80: number | null;
            /** Format: double */
            low80: number | null;
            /** Format: int64 */
            n: number;
            /** Format: double */
            value: number | null;
        };
        BucketFrequency: {
            /** Format: int64 */
            deployment_days: number;
            /** Format: int64 */
            deployments: number;
            /** Format: double */
            per_day: number | null;
        };
        BucketLeadTime: {
            /** Format: double */
            median_seconds: number | null;
            /** Format: int64 */
            n: number;
            /** Format: double */
            p75_seconds: number | null;
            /** Format: double */
            p90_seconds: number | null;
            /** Format: double */
            value_seconds: number | null;
        };
        BucketRecovery: {
            /** Format: double */
            median_seconds: number | null;
            /** Format: int64 */
            n: number;
            /** Format: double */
            value_seconds: number | null;
        };
        BucketRework: {
            /** Format: int64 */
            n: number;
            /** Format: int64 */
            rework: number;
            /** Format: double */
            value: number | null;
        };
        BuildTimes: {
            /** Format: double */
            coverage: number | null;
            /** Format: int64 */
            n: number;
            reruns: components["schemas"]["Rate"];
            /** Format: double */
            run_median_seconds: number | null;
            /** Format: double */
            wait_median_seconds: number | null;
            /** Format: double */
            wait_p90_seconds: number | null;
        };
        CallLimitView: {
            /**
             * Format: int64
             * @description 0 where the vendor does not say
             */
            most: number;
            /** @description Empty where the vendor has one limit */
            name: string;
            /** Format: int64 */
            remaining: number;
            /** Format: date-time */
            reset: string;
        };
        Candidate: {
            application: components["schemas"]["Named"];
            /**
             * Format: int64
             * @description How many changes it shipped
             */
            changes: number;
            environment: string;
            /** Format: date-time */
            finished_at: string | null;
            /**
             * Format: double
             * @description From its finish to the start of the incident
             */
            gap_seconds: number;
            id: string;
            /** @description The incident was laid to it */
            linked: boolean;
            rollback: boolean;
            /** @description Version, else the start of the commit, else the branch or tag */
            version: string;
        };
        Cause: {
            application: components["schemas"]["Named"];
            deployment: components["schemas"]["DeploymentName"];
            /** @description The text that says so: what the source names, or the reason of a person; empty where time says it */
            evidence: string;
            /**
             * Format: double
             * @description From its finish to the start of the incident
             */
            gap_seconds: number | null;
            /** @description Nearness in time is the only evidence */
            inferred: boolean;
            /** @enum {string} */
            rung: "person" | "explicit" | "rollback" | "revert" | "hotfix" | "incident";
        };
        Chain: {
            known?: components["schemas"]["Known"];
            metric: string;
            /** Format: int64 */
            n: number;
            /** @description Facts that are known, in scope, and in the window */
            narrowing: components["schemas"]["Step"][];
            /** @description The kind of fact that the figure counts */
            of: string;
            policy: components["schemas"]["PolicyRef"];
            statistic: string;
            steps: components["schemas"]["ChainStep"][];
            /** @enum {string} */
            unit: "seconds" | "per_day" | "share";
            /**
             * @description Why nothing is counted before the facts: commits are kept without their records, or there are too many facts for one answer; else empty
             * @enum {string}
             */
            untraced: "" | "packed" | "too_many";
            /** Format: double */
            value: number | null;
            window: components["schemas"]["Window"];
        };
        ChainPart: {
            /**
             * Format: int64
             * @description Below 0 for what is left out
             */
            count: number;
            reason: string;
        };
        ChainStep: {
            /**
             * Format: int64
             * @description null where it is not counted
             */
            count: number | null;
            parts: components["schemas"]["ChainPart"][];
            /** @enum {string} */
            step: "arrived" | "recorded" | "speaking" | "records" | "observations" | "facts" | "included";
        };
        ChangeCommit: {
            /** Format: date-time */
            authored_at?: string;
            sha: string;
        };
        ChangeConnectionInputBody: {
            name?: string;
            /** @description To replace a secret without a gap, give the new and the old one, and later only the new one */
            secrets?: string[];
            settings?: {
                [key: string]: unknown;
            };
        };
        ChangeView: {
            actor_kind?: string;
            application?: string;
            /** Format: date-time */
            approved_at?: string;
            base?: string;
            belongs_to: components["schemas"]["Named"][];
            bot?: string;
            /** Format: date-time */
            closed_at?: string;
            commits?: components["schemas"]["ChangeCommit"][];
            external_id: string;
            /** Format: date-time */
            first_review_at?: string;
            head?: string;
            id: string;
            labels?: string[];
            merge_commit?: string;
            /** Format: date-time */
            merged_at?: string;
            /** Format: int64 */
            number?: number;
            /** Format: date-time */
            opened_at?: string;
            /** Format: date-time */
            ready_at?: string;
            repository?: string;
            revert_of?: string;
            reviews?: components["schemas"]["Review"][];
            shipped: components["schemas"]["Shipment"] | null;
            size?: components["schemas"]["Size"];
            source: string;
            state?: string;
        };
        Changed: {
            application: components["schemas"]["Named"];
            /** Format: int64 */
            dependencies: number;
            items: components["schemas"]["ChangedItem"][];
            /** Format: date-time */
            since: string;
            truncated: boolean;
            /** Format: date-time */
            until: string;
        };
        ChangedItem: {
            application: components["schemas"]["Named"];
            /** Format: date-time */
            at: string;
            /**
             * Format: int64
             * @description Calls between the application asked about and this one; 0 is itself
             */
            distance: number;
            environment: string;
            id: string;
            /** @enum {string} */
            kind: "deployment" | "flag_change" | "incident";
            /** Format: double */
            plausibility: number;
            /**
             * Format: int64
             * @description 1 is the most plausible
             */
            rank: number;
            reasons: components["schemas"]["ChangedReason"][];
            status: string;
            summary: string;
        };
        ChangedReason: {
            code: string;
            text: string;
        };
        Clause: {
            /** @enum {string} */
            code: "faster" | "slower" | "more_often" | "less_often" | "recovers_faster" | "recovers_slower" | "safer" | "riskier" | "less_rework" | "more_rework" | "no_clear_change" | "no_value";
            metric: string;
            /** Format: double */
            relative: number | null;
        };
        Comparison: {
            change_fail_rate: components["schemas"]["Difference"];
            change_lead_time: components["schemas"]["Difference"];
            deployment_frequency: components["schemas"]["Difference"];
            deployment_rework_rate: components["schemas"]["Difference"];
            failed_deployment_recovery_time: components["schemas"]["Difference"];
            incidents: components["schemas"]["Difference"];
        };
        Concern: {
            application: components["schemas"]["Named"] | null;
            /** @enum {string} */
            code: "fail_rate_up" | "fail_rate_from_zero" | "lead_time_up" | "recovery_up" | "stale" | "no_deployments" | "low_coverage" | "unattributed_incidents" | "deploys_below_cadence" | "unresolved_incidents";
            group: components["schemas"]["Named"] | null;
            /** Format: int64 */
            n: number;
            /** @enum {string} */
            severity: "bad" | "watch";
            /** Format: int64 */
            tier: number;
            /** Format: double */
            value: number | null;
        };
        ConnectionHealth: {
            /** @description Deliveries of the last 14 days in the time zone of the workspace, today being the last */
            days: components["schemas"]["DayCount"][];
            /** @description The credentials end within 14 days, or have ended */
            expiring: boolean;
            /** @description How long after what they tell of deliveries came, in 28 days */
            lag: components["schemas"]["Lag"];
            /**
             * @description The worst that holds, in this order
             * @enum {string}
             */
            state: "refused" | "unusable" | "failing" | "late" | "paused" | "waiting" | "flowing";
            /** @description Requests that were not taken in since the server that answers was started; null without any */
            turned_away: components["schemas"]["TurnedAwayView"] | null;
            /**
             * Format: int64
             * @description Deliveries of 28 days with a fact that belongs to no application
             */
            unclaimed: number;
            /**
             * Format: double
             * @description Longest pause between deliveries of 28 days; null where too few came to say. A longer silence is late
             */
            usual_pause_seconds: number | null;
            /** @description What is wrong, in the words of the vendor or of the server; empty where the state says it all */
            wrong: string;
        };
        ConnectionName: {
            id: string;
            name: string;
        };
        ConnectionNamed: {
            id: string;
            name: string;
        };
        ConnectionOutcomeView: {
            /** Format: int64 */
            ignored: number;
            /** Format: int64 */
            recorded: number;
            /** Format: int64 */
            rejected: number;
        };
        ConnectionView: {
            /** @description How asking the vendor goes; null for a connection that only takes deliveries */
            asked: components["schemas"]["AskedView"] | null;
            /** Format: date-time */
            created_at: string;
            deliveries: components["schemas"]["ConnectionOutcomeView"];
            /** @description How the connection does; null where it was just saved */
            health: components["schemas"]["ConnectionHealth"] | null;
            id: string;
            /** Format: date-time */
            last_delivery_at: string | null;
            /** @enum {string} */
            managed: "config" | "api";
            name: string;
            /**
             * @description Where deliveries are posted to
             * @example /hooks/github/5r3c
             */
            path: string;
            /**
             * Format: int64
             * @description Deliveries that came again and changed nothing
             */
            repeats: number;
            /** @description References to secrets; any of them may sign */
            secrets: string[];
            settings: {
                [key: string]: unknown;
            };
            source: string;
            /** @description The source's name for people */
            title: string;
            url: string;
        };
        Control: {
            baseline: components["schemas"]["Baseline"];
            /** @enum {string} */
            chart: "" | "individuals" | "counts" | "proportions";
            /** @enum {string} */
            found: "stable" | "shifted" | "unusual_weeks" | "went_back" | "silent";
            /** Format: int64 */
            judged: number;
            points: components["schemas"]["ControlPoint"][];
            /** @enum {string} */
            reason: "" | "no_data" | "few_weeks" | "definition_changed" | "no_whole_week" | "no_variation";
            /** @enum {string} */
            scale: "linear" | "log";
            signals: components["schemas"]["Signal"][];
            /** @enum {string} */
            state: "silent" | "provisional" | "firm";
            /** @enum {string} */
            unit: "seconds" | "per_week" | "share";
            /** @enum {string} */
            verdict: "better" | "worse" | "higher" | "lower" | "no_clear_change" | "too_few";
        };
        ControlPoint: {
            /** Format: double */
            centre: number | null;
            /** Format: date-time */
            from: string;
            /** Format: double */
            lower: number | null;
            /** Format: int64 */
            n: number;
            /** Format: date-time */
            to: string;
            /** Format: double */
            upper: number | null;
            /** @enum {string} */
            use: "baseline" | "judged" | "no_value" | "thin" | "immature" | "before";
            /** Format: double */
            value: number | null;
        };
        Controls: {
            change_fail_rate: components["schemas"]["Control"];
            change_lead_time: components["schemas"]["Control"];
            deployment_frequency: components["schemas"]["Control"];
            deployment_rework_rate: components["schemas"]["Control"];
            failed_deployment_recovery_time: components["schemas"]["Control"];
        };
        CorrectionInputBody: {
            /** Format: date-time */
            from: string;
            /**
             * @description Leave the time out, or count its bad as good
             * @enum {string}
             */
            mode: "exclude" | "good";
            /** @description Why these slices do not count */
            reason: string;
            /**
             * Format: date-time
             * @description Not included
             */
            to: string;
        };
        Counts: {
            /** Format: int64 */
            applications: number;
            /** Format: int64 */
            applications_with_deployments: number;
            /** Format: int64 */
            changes: number;
            /** Format: int64 */
            deployments: number;
            /** Format: int64 */
            groups: number;
        };
        CoverageCell: {
            /**
             * @description Where to mend it: the connection, claims on facts that nobody claims, the documentation of connections, or the catalogue; empty where nothing is to be done
             * @enum {string}
             */
            fix: "" | "connection" | "claims" | "docs" | "catalogue";
            /**
             * Format: int64
             * @description Applications that have the signal
             */
            have: number;
            /**
             * Format: date-time
             * @description The last fact's own instant
             */
            last_at: string | null;
            /**
             * Format: double
             * @description The longest silence that is not remarkable
             */
            limit_seconds: number | null;
            /**
             * Format: int64
             * @description All applications
             */
            of: number;
            /** @description Why it is in its state, as a code */
            reason: string;
            /**
             * Format: int64
             * @description Facts of the last 90 days; null where they are not counted
             */
            recent: number | null;
            signal: string;
            /**
             * Format: double
             * @description How long it has been silent
             */
            silent_seconds: number | null;
            /** @enum {string} */
            state: "flowing" | "stale" | "never" | "not_expected";
            /**
             * Format: double
             * @description The usual silence between days with a fact; null where it is not known
             */
            usual_seconds: number | null;
        };
        CoverageGroup: {
            /** Format: int64 */
            applications: number;
            /** Format: int64 */
            gaps: number;
            group: components["schemas"]["Named"];
            /** @description Names of the groups above, outermost first */
            path: string[];
            signals: components["schemas"]["SignalCounts"][];
        };
        CoverageRow: {
            application: components["schemas"]["Named"];
            /** @description By signal, in the order of signals */
            cells: components["schemas"]["CoverageCell"][];
            /**
             * Format: int64
             * @description Signals that are stale or were never seen
             */
            gaps: number;
            group: components["schemas"]["Named"] | null;
        };
        CoverageView: {
            /**
             * Format: int64
             * @description How many they are
             */
            applications: number;
            /**
             * Format: date-time
             * @description The instant that states were judged at
             */
            at: string;
            /**
             * Format: int64
             * @description How many of them have the signal in the state; all pages together
             */
            found: number;
            items: components["schemas"]["CoverageRow"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
            /** @description All applications that group and q leave, by signal and state */
            signals: components["schemas"]["SignalCounts"][];
        };
        CreateConnectionInputBody: {
            /** @description A slug, unique in the workspace */
            name: string;
            /**
             * @description References, ${env:NAME} or ${file:/path}, that the server resolves; any of them may sign
             * @example [
             *       "${env:GITHUB_WEBHOOK_SECRET}"
             *     ]
             */
            secrets: string[];
            /** @description The source's own settings */
            settings?: {
                [key: string]: unknown;
            };
            /** @example github */
            source: string;
        };
        CreateTokenInputBody: {
            /**
             * Format: int64
             * @default 365
             */
            expires_in_days: number;
            /** @description What the token is for; the source of events sent with it */
            name: string;
            scopes: ("ingest" | "read" | "admin")[];
        };
        DORA: {
            anomalies: components["schemas"]["Anomaly"][];
            /** Format: date-time */
            as_of: string;
            benchmark: components["schemas"]["Benchmark"] | null;
            breaks: components["schemas"]["Break"][];
            change_fail_rate: components["schemas"]["FailRate"];
            change_lead_time: components["schemas"]["LeadTime"];
            comparison: components["schemas"]["Comparison"];
            control: components["schemas"]["Controls"] | null;
            deployment_frequency: components["schemas"]["Frequency"];
            deployment_rework_rate: components["schemas"]["Rework"];
            environment: string;
            exclusions: components["schemas"]["Exclusion"][];
            failed_deployment_recovery_time: components["schemas"]["Recovery"];
            incidents: components["schemas"]["Incidents"];
            known?: components["schemas"]["Known"];
            methods: components["schemas"]["Methods"];
            policy: components["schemas"]["PolicyRef"];
            previous: components["schemas"]["Report"] | null;
            /** Format: int64 */
            revision: number;
            scope: components["schemas"]["Scope"];
            series?: components["schemas"]["Bucket"][];
            standings: components["schemas"]["Standings"] | null;
            time_zone: string;
            /** Format: int64 */
            unattributed_incidents: number;
            window: components["schemas"]["Window"];
        };
        DataAnomaly: {
            /** @description Applications concerned, 20 at most */
            applications: components["schemas"]["Named"][];
            /** @description Connections concerned */
            connections: components["schemas"]["ConnectionName"][];
            /** @description Some of what it rests on, 20 at most */
            examples: components["schemas"]["AnomalyExample"][];
            /**
             * Format: double
             * @description How much there usually is on such days
             */
            expected: number | null;
            /** @enum {string} */
            kind: "counted_twice" | "volume_drop" | "silent_connection" | "clock_ahead" | "clock_behind" | "unclaimed" | "told_twice";
            /**
             * Format: double
             * @description The longest silence that is not remarkable
             */
            limit_seconds: number | null;
            /**
             * Format: int64
             * @description How much it rests on: days of a drop, gaps of a silence, else facts
             */
            n: number;
            /**
             * Format: double
             * @description How much there was in the days of a drop
             */
            observed: number | null;
            /**
             * Format: int64
             * @description Out of so many; null where that means nothing
             */
            of: number | null;
            /**
             * Format: double
             * @description Of a clock the median distance, of a silence its length
             */
            seconds: number | null;
            /**
             * @description warning: figures may be wrong; note: they are not
             * @enum {string}
             */
            severity: "warning" | "note";
            /** @description Kind of the facts concerned; empty where they are of several */
            signal: string;
            /**
             * Format: date-time
             * @description Since when; null where that is not known
             */
            since: string | null;
            /** @description Source instances concerned */
            sources: string[];
            /**
             * Format: double
             * @description The usual silence
             */
            usual_seconds: number | null;
        };
        DayCount: {
            /**
             * Format: date
             * @description In the time zone of the workspace
             */
            date: string;
            /** Format: int64 */
            n: number;
        };
        DecisionView: {
            /** @description Ids of those that were changed */
            done: string[];
            refused: components["schemas"]["RefusalView"][];
        };
        DeliveryDetail: {
            /** @description The body without what names persons or secrets; null when it is not kept */
            body: string | null;
            /** @description The body is longer than what is shown */
            body_truncated: boolean;
            connection: components["schemas"]["ConnectionNamed"];
            /** @description The source's name of what happened; may be empty */
            event: string;
            /** @description The body is not kept any more; the delivery cannot be replayed */
            expired: boolean;
            /** @description The facts that it names */
            facts: components["schemas"]["DeliveryFact"][];
            headers: {
                [key: string]: string;
            };
            id: string;
            /** @description The source's own id of the delivery; may be empty */
            key: string;
            /** @enum {string} */
            outcome: "recorded" | "ignored" | "rejected";
            /** @description Why it was ignored or rejected */
            reason: string;
            /** Format: date-time */
            received_at: string;
            /**
             * Format: int64
             * @description How often the same delivery came again
             */
            repeats: number;
            /**
             * Format: int64
             * @description Bytes of the body after decompression
             */
            size: number;
            source: string;
            /** @description A fact that it names belongs to no application */
            unclaimed: boolean;
        };
        DeliveryFact: {
            /** Format: date-time */
            at: string | null;
            belongs_to: components["schemas"]["Named"][];
            environment: string;
            external_id: string;
            /** @description This delivery was the first to say what it says of the fact */
            fresh: boolean;
            /** @description The fact was deleted, or another took it in */
            gone: boolean;
            id: string;
            kind: string;
            status: string;
            /** @description Where the fact is counted, or why not */
            uses: components["schemas"]["UseView"][];
        };
        DeliveryLink: {
            connection: components["schemas"]["ConnectionNamed"];
            event: string;
            id: string;
            /** Format: date-time */
            received_at: string;
            source: string;
        };
        DeliveryView: {
            connection: components["schemas"]["ConnectionNamed"];
            /** @description The source's name of what happened; may be empty */
            event: string;
            /** @description The body is not kept any more; the delivery cannot be replayed */
            expired: boolean;
            /**
             * Format: int64
             * @description Distinct facts that it names
             */
            facts: number;
            id: string;
            /** @description The source's own id of the delivery; may be empty */
            key: string;
            /** @enum {string} */
            outcome: "recorded" | "ignored" | "rejected";
            /** @description Why it was ignored or rejected */
            reason: string;
            /** Format: date-time */
            received_at: string;
            /**
             * Format: int64
             * @description How often the same delivery came again
             */
            repeats: number;
            /**
             * Format: int64
             * @description Bytes of the body after decompression
             */
            size: number;
            source: string;
            /** @description A fact that it names belongs to no application */
            unclaimed: boolean;
        };
        DependencyView: {
            basis?: string;
            belongs_to: components["schemas"]["Named"][];
            external_id: string;
            from?: string;
            id: string;
            /** Format: date-time */
            last_seen_at?: string;
            source: string;
            to?: string;
            type?: string;
        };
        DeploymentName: {
            environment: string;
            /** Format: date-time */
            finished_at: string | null;
            id: string;
            /** @description Version, else the start of the commit, else the branch or tag */
            version: string;
        };
        DeploymentRuleBody: {
            artifact_kinds?: string[];
            exclude_refs?: string[];
            refs?: string[];
            sources?: string[];
        };
        DeploymentView: {
            actor_kind?: string;
            application?: string;
            artifact?: string;
            artifact_kind?: string;
            /** Format: int64 */
            attempt?: number;
            belongs_to: components["schemas"]["Named"][];
            change_kind?: string;
            commit?: string;
            commits?: {
                [key: string]: string;
            };
            environment?: string;
            environment_class: string;
            external_id: string;
            /** Format: date-time */
            finished_at?: string;
            group?: string;
            id: string;
            origin?: string;
            outcome: components["schemas"]["Outcome"];
            ref?: string;
            repository?: string;
            rollback_of?: string;
            rollout?: string;
            source: string;
            /** Format: date-time */
            started_at?: string;
            status?: string;
            version?: string;
        };
        Difference: {
            /** Format: double */
            absolute: number | null;
            /** @enum {string} */
            direction: "better" | "worse" | "higher" | "lower" | "no_clear_change" | "no_value";
            /** Format: double */
            p: number | null;
            /** @enum {string} */
            reason: "" | "no_value" | "too_few" | "small_change" | "chance" | "definition_changed" | "many_compared";
            /** Format: double */
            relative: number | null;
            significant: boolean;
        };
        DismissSuggestionsInputBody: {
            ids: string[];
        };
        Distribution: {
            answers: components["schemas"]["Answer"][];
            consistent: boolean;
            /** Format: double */
            implied_mean: number;
            /** Format: double */
            published_mean: number;
        };
        Efficiency: {
            /** Format: double */
            coverage: number | null;
            /** Format: int64 */
            n: number;
            /** Format: double */
            total_seconds: number | null;
            /** Format: double */
            value: number | null;
            /** Format: double */
            work_seconds: number | null;
        };
        EntryBucketView: {
            counts: {
                [key: string]: number;
            };
            /** Format: date-time */
            from: string;
        };
        EntryDetail: {
            actor_kind: string;
            /**
             * Format: date-time
             * @description The fact's own instant
             */
            at: string;
            belongs_to: components["schemas"]["Named"][];
            environment: string;
            external_id: string;
            /** @description What is known of the fact, from all sources together */
            fields: {
                [key: string]: unknown;
            };
            id: string;
            kind: string;
            /**
             * Format: double
             * @description From the fact's own instant until it became known here; null for what came more than a day later, as imports do
             */
            lag_seconds: number | null;
            /** @description What was said of it, in the order in which it became known */
            observations: components["schemas"]["ObservationView"][];
            /** Format: date-time */
            received_at: string | null;
            repository: string;
            /**
             * Format: int64
             * @description The last revision that told of it
             */
            revision: number;
            source: string;
            /** @description State, result, severity or action, by kind */
            status: string;
            summary: string;
            /** @description Figures that count the fact */
            used_by: string[];
            /** @description Where it is counted, or why not */
            uses: components["schemas"]["UseView"][];
        };
        EntryFacetsView: {
            application: components["schemas"]["FacetView"][];
            environment: components["schemas"]["FacetView"][];
            kind: components["schemas"]["FacetView"][];
            source: components["schemas"]["FacetView"][];
            status: components["schemas"]["FacetView"][];
        };
        EntrySummary: {
            /** Format: int64 */
            bucket_seconds: number;
            /** @description Every stretch of time of the window, empty ones included */
            buckets: components["schemas"]["EntryBucketView"][];
            facets: components["schemas"]["EntryFacetsView"];
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /** Format: int64 */
            total: number;
        };
        EntryView: {
            actor_kind: string;
            /**
             * Format: date-time
             * @description The fact's own instant
             */
            at: string;
            belongs_to: components["schemas"]["Named"][];
            environment: string;
            external_id: string;
            id: string;
            kind: string;
            /**
             * Format: double
             * @description From the fact's own instant until it became known here; null for what came more than a day later, as imports do
             */
            lag_seconds: number | null;
            /** Format: date-time */
            received_at: string | null;
            repository: string;
            source: string;
            /** @description State, result, severity or action, by kind */
            status: string;
            summary: string;
            /** @description Figures that count the fact */
            used_by: string[];
        };
        EnvironmentRule: {
            class: string;
            pattern: string;
        };
        EnvironmentView: {
            class: string;
            /** Format: int64 */
            deployments: number;
            name: string;
        };
        ErrorDetail: {
            /** @description Where the error occurred, e.g. 'body.items[3].tags' or 'path.thing-id' */
            location?: string;
            /** @description Error message text */
            message?: string;
            /** @description The value at the given location */
            value?: unknown;
        };
        ErrorModel: {
            /**
             * @description A human-readable explanation specific to this occurrence of the problem.
             * @example Property foo is required but is missing.
             */
            detail?: string;
            /** @description Optional list of individual error details */
            errors?: components["schemas"]["ErrorDetail"][];
            /**
             * Format: uri
             * @description A URI reference that identifies the specific occurrence of the problem.
             * @example https://example.com/error-log/abc123
             */
            instance?: string;
            /**
             * Format: int64
             * @description HTTP status code
             * @example 400
             */
            status?: number;
            /**
             * @description A short, human-readable summary of the problem type. This value should not change between occurrences of the error.
             * @example Bad Request
             */
            title?: string;
            /**
             * Format: uri
             * @description A URI reference to human-readable documentation for the error.
             * @default about:blank
             * @example https://example.com/errors/example
             */
            type: string;
        };
        ExampleView: {
            /** @description Lines for a POSIX shell with curl and openssl; null where the source has no example */
            command: string | null;
            /**
             * @description Variable of the shell that must hold a secret of the connection
             * @example GITHUB_WEBHOOK_SECRET
             */
            variable: string;
        };
        Excluded: {
            /** Format: int64 */
            count: number;
            ids: string[];
            reason: string;
        };
        Exclusion: {
            /** Format: int64 */
            count: number;
            ids: string[];
            metric: string;
            reason: string;
        };
        ExplainRow: {
            /**
             * Format: date-time
             * @description The instant under which it is counted; null where it is unknown
             */
            at: string | null;
            belongs_to: components["schemas"]["Named"][];
            /** @description Ships the change, is blamed for the incident, or stands for the group; else empty */
            deployment: string;
            environment: string;
            external_id: string;
            /** @description failed, inferred, rollback, redeploy, rework, baseline, immature */
            flags: string[];
            id: string;
            included: boolean;
            kind: string;
            /** @description Why it is left out; empty if it is not */
            reason: string;
            repository: string;
            /** @description Evidence of the failure */
            rung: string | null;
            source: string;
            status: string;
            summary: string;
            /**
             * Format: double
             * @description What it adds: seconds of a median, 1 or 0 of a share, 1 of a rate; null where it is left out
             */
            value: number | null;
        };
        ExplainView: {
            anomalies: components["schemas"]["Anomaly"][];
            chain: components["schemas"]["Step"][];
            /** Format: double */
            coverage: number | null;
            /** @description What the figure is, in plain words */
            definition: string;
            exclusions: components["schemas"]["Excluded"][];
            formula: string;
            /** Format: double */
            high: number | null;
            known?: components["schemas"]["Known"];
            /** Format: double */
            low: number | null;
            methods: components["schemas"]["Methods"] | null;
            metric: string;
            /** Format: int64 */
            n: number;
            policy: components["schemas"]["PolicyRef"];
            rows: components["schemas"]["ListExplainRow"];
            /** @description The rate as other failure windows give it; of the change fail rate only */
            sensitivity?: components["schemas"]["WindowRate"][];
            /** @enum {string} */
            statistic: "median" | "rate" | "share";
            /** @enum {string} */
            unit: "seconds" | "per_day" | "share";
            /** Format: double */
            value: number | null;
            window: components["schemas"]["Window"];
        };
        FacetView: {
            /** Format: int64 */
            count: number;
            label: string;
            value: string;
        };
        FailRate: {
            attempts: components["schemas"]["AttemptRate"];
            /** Format: double */
            coverage: number | null;
            /** Format: int64 */
            failed: number;
            /** Format: int64 */
            failed_attempts: number;
            /** Format: double */
            high: number | null;
            /** Format: int64 */
            immature: number;
            /** Format: int64 */
            inferred: number;
            /** Format: double */
            low: number | null;
            /** Format: int64 */
            n: number;
            sensitivity: components["schemas"]["WindowRate"][];
            /** Format: double */
            value: number | null;
            /** @enum {string} */
            withheld: "" | "no_value" | "too_few" | "low_coverage";
        };
        FailureEvidence: {
            /** Format: date-time */
            at: string | null;
            /** Format: double */
            gap_seconds: number | null;
            id: string;
            inferred: boolean;
            kind: string;
            rung: string;
        };
        FieldError: {
            field: string;
            rule: string;
        };
        FlowChange: {
            application: components["schemas"]["Named"];
            /** Format: date-time */
            deployed_at: string;
            deployment: string;
            group: components["schemas"]["Named"] | null;
            id: string;
            /** Format: double */
            longest_seconds: number | null;
            longest_stage: string | null;
            /** Format: int64 */
            number: number | null;
            repository: string;
            /** Format: int64 */
            review_rounds: number | null;
            size: components["schemas"]["Size"] | null;
            /** Format: double */
            total_seconds: number;
            /** Format: int64 */
            with_others: number;
        };
        FlowGroup: {
            /** Format: double */
            efficiency: number | null;
            /** Format: double */
            lead_median_seconds: number | null;
            /** Format: int64 */
            n: number;
            name: string;
            slug: string;
            stages: components["schemas"]["FlowGroupStage"][];
        };
        FlowGroupStage: {
            /** Format: double */
            median_seconds: number | null;
            /** Format: double */
            share: number | null;
            stage: string;
        };
        FlowLead: {
            /** Format: int64 */
            n: number;
            /** Format: double */
            p50_seconds: number | null;
            /** Format: double */
            p90_seconds: number | null;
        };
        FlowOpen: {
            /** Format: double */
            age_seconds: number;
            application: components["schemas"]["Named"];
            id: string;
            /** Format: int64 */
            number: number | null;
            repository: string;
            /** @enum {string} */
            stage: "coding" | "pickup" | "review" | "merge_wait" | "deploy";
        };
        FlowPoint: {
            application: components["schemas"]["Named"];
            /** Format: date-time */
            at: string;
            id: string;
            /** Format: double */
            lead_seconds: number;
            /** Format: int64 */
            tier: number | null;
        };
        FlowStage: {
            /** @enum {string} */
            kind: "work" | "wait" | "mixed";
            /** Format: double */
            median_seconds: number | null;
            /** Format: int64 */
            n: number;
            /** Format: double */
            p90_seconds: number | null;
            /** Format: double */
            share: number | null;
            /** @enum {string} */
            stage: "coding" | "pickup" | "review" | "merge_wait" | "build" | "deploy";
            /** Format: double */
            wait_seconds: number | null;
            /** Format: double */
            work_seconds: number | null;
        };
        FlowWIP: {
            /** Format: double */
            age_median_seconds: number | null;
            /** Format: double */
            age_p85_seconds: number | null;
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            n: number;
            oldest: components["schemas"]["FlowOpen"][];
        };
        Frequency: {
            /** Format: int64 */
            deployment_days: number;
            /** Format: int64 */
            deployments: number;
            /** Format: double */
            high: number | null;
            /** Format: double */
            low: number | null;
            /** Format: double */
            per_day: number | null;
            /** Format: int64 */
            redeployments: number;
            /** Format: int64 */
            rollbacks: number;
            unit: string;
            /** @enum {string} */
            withheld: "" | "no_value" | "too_few" | "low_coverage";
        };
        FromDeployment: {
            /** Format: double */
            median_seconds: number | null;
            /** Format: int64 */
            n: number;
        };
        GroupRow: {
            /** Format: int64 */
            applications: number;
            comparison: components["schemas"]["Comparison"];
            name: string;
            path: string[];
            report: components["schemas"]["Report"];
            slug: string;
            sparks: components["schemas"]["Sparks"];
            state: string;
        };
        GroupView: {
            /**
             * Format: int64
             * @description Applications of the group and of all groups below it
             */
            applications: number;
            name: string;
            parent?: string;
            slug: string;
        };
        IncidentDetail: {
            /** Format: date-time */
            acknowledged_at?: string;
            application?: string;
            applications?: string[];
            attribution: components["schemas"]["Attribution"];
            /** @description Those that the rules alone find; equal unless a person spoke */
            automatic: components["schemas"]["Cause"][];
            belongs_to: components["schemas"]["Named"][];
            /** @description Deployments of its applications in the seven days before it began, nearest first */
            candidates: components["schemas"]["Candidate"][];
            caused_by?: string;
            /** Format: date-time */
            detected_at?: string;
            environment?: string;
            external_id: string;
            /** @description All that people said, last first */
            history: components["schemas"]["Word"][];
            id: string;
            /** @description The deployments that it was laid to, in every application */
            laid: components["schemas"]["Cause"][];
            /** @description What holds of what people said; null where the rules decide */
            link: components["schemas"]["Word"] | null;
            /** @description The caller may say what caused it; never as of an instant */
            may_link: boolean;
            /** Format: date-time */
            mitigated_at?: string;
            /** @description There are more deployments than candidates lists */
            more_candidates: boolean;
            /** Format: date-time */
            opened_at?: string;
            origin?: string;
            /** Format: double */
            recovery_seconds: number | null;
            /** Format: date-time */
            reopened_at?: string;
            /** @description Every reopening that was told of, first first */
            reopenings: string[];
            repository?: string;
            /** Format: date-time */
            resolved_at?: string;
            /**
             * Format: date-time
             * @description When service was back, after the last reopening; null while it is not
             */
            restored_at: string | null;
            severity?: string;
            source: string;
            /**
             * Format: date-time
             * @description When the failure began: the earlier of opened and detected; null where neither is known
             */
            started_at: string | null;
            /** @description A person said that no deployment caused it */
            unlinked: boolean;
        };
        IncidentView: {
            /** Format: date-time */
            acknowledged_at?: string;
            application?: string;
            applications?: string[];
            attribution: components["schemas"]["Attribution"];
            belongs_to: components["schemas"]["Named"][];
            caused_by?: string;
            /** Format: date-time */
            detected_at?: string;
            environment?: string;
            external_id: string;
            id: string;
            /** Format: date-time */
            mitigated_at?: string;
            /** Format: date-time */
            opened_at?: string;
            origin?: string;
            /** Format: double */
            recovery_seconds: number | null;
            /** Format: date-time */
            reopened_at?: string;
            repository?: string;
            /** Format: date-time */
            resolved_at?: string;
            severity?: string;
            source: string;
        };
        Incidents: {
            /** Format: int64 */
            attributed: number;
            /** Format: int64 */
            opened: number;
            /** Format: int64 */
            unlinked: number;
        };
        Known: {
            /** Format: date-time */
            as_of: string;
            /** @description The catalogue of then was not kept; the first one that was kept stands in */
            catalogue_assumed: boolean;
            /**
             * Format: date-time
             * @description When the first fact or catalogue became known; null while nothing is
             */
            first_known_at: string | null;
            /** Format: int64 */
            revision: number;
        };
        Lag: {
            /**
             * Format: int64
             * @description Newest deliveries that were measured; those that said nothing new, or what was older than the connection, are left out
             */
            n: number;
            /**
             * Format: double
             * @description Below zero where the clock of the source is ahead
             */
            p50_seconds: number | null;
            /** Format: double */
            p95_seconds: number | null;
        };
        Laid: {
            deployment: string | null;
            /** Format: double */
            gap_seconds: number | null;
            inferred: boolean;
            rung: string | null;
        };
        LeadTime: {
            /** Format: double */
            coverage: number | null;
            /** Format: double */
            high_seconds: number | null;
            /** Format: double */
            low_seconds: number | null;
            /** Format: double */
            median_seconds: number | null;
            /** Format: int64 */
            n: number;
            /** @enum {string} */
            of: "change" | "commit";
            /** Format: double */
            p75_seconds: number | null;
            /** Format: double */
            p90_seconds: number | null;
            per_commit: components["schemas"]["PerCommit"];
            phases: components["schemas"]["Phase"][];
            /** @enum {string} */
            statistic: "median" | "p75" | "p90" | "mean";
            unit: string;
            /** Format: double */
            value_seconds: number | null;
            /** @enum {string} */
            withheld: "" | "no_value" | "too_few" | "low_coverage";
        };
        LevelAlert: {
            /** @enum {string} */
            severity: "page" | "ticket";
            /**
             * Format: date-time
             * @description When it began, as in the history
             */
            since: string;
            /** @enum {string} */
            state: "pending" | "firing" | "no_data";
        };
        LevelAlertSpan: {
            /** Format: date-time */
            from: string;
            objective: string;
            /**
             * Format: double
             * @description The highest burn rate
             */
            peak: number;
            /**
             * @description Long and short lookback; of an alert policy its name and its lookback
             * @example 1h/5m
             */
            row: string;
            series: string;
            /** @enum {string} */
            severity: "page" | "ticket";
            /** @enum {string} */
            state: "pending" | "firing" | "no_data" | "resolved";
            /**
             * Format: date-time
             * @description Null while it stands
             */
            until: string | null;
        };
        LevelAnomaly: {
            /**
             * Format: int64
             * @description Slices; of duplicate_source and behind, series
             */
            count: number;
            /** @description The parts of the measurement that are wrong; empty where it is the series as a whole */
            fields: ("good" | "bad" | "total" | "value")[];
            /** @description How to mend it */
            fix: string;
            /**
             * Format: date-time
             * @description When it was first so in the window; null where that is not of one time
             */
            from: string | null;
            /** @enum {string} */
            kind: "good_gt_total" | "unusable" | "duplicate_source" | "behind" | "reset" | "long_gap" | "born";
            /** @description Of duplicate_source, those that are not counted */
            sources: string[];
            /** @description What is wrong, and what was made of it */
            text: string;
            /**
             * Format: date-time
             * @description When it was last so; of behind, the end of the last slice
             */
            to: string | null;
        };
        LevelApplication: {
            group: components["schemas"]["Named"] | null;
            /** @description The catalogue has it */
            known: boolean;
            name: string;
            slug: string;
            /**
             * Format: int64
             * @description 1 (most critical) to 4; 0 is unassessed
             */
            tier: number;
        };
        LevelBasis: {
            /** Format: double */
            confidence: number;
            /** Format: double */
            high: number;
            /** Format: int64 */
            lookback_seconds: number;
            /** Format: double */
            low: number;
            /** Format: double */
            middle: number;
            /**
             * Format: double
             * @description What it counted, in the unit
             */
            total: number;
        };
        LevelBudget: {
            /**
             * Format: double
             * @description How much may be bad of what there was so far
             */
            allowed: number | null;
            /**
             * Format: double
             * @description Share of the budget that is spent; above 1 it is overdrawn
             */
            consumed: number | null;
            /**
             * Format: double
             * @description Allowed less bad
             */
            left: number | null;
            /**
             * Format: double
             * @description Consumed against the budget of the whole window; null for rolling windows
             */
            projected: number | null;
            /**
             * Format: double
             * @description 1 less consumed; below 0 it is overdrawn
             */
            remaining: number | null;
        };
        LevelBurn: {
            lookbacks: string[];
            rates: components["schemas"]["LevelRate"][];
            rows: components["schemas"]["LevelBurnRow"][];
            /** Format: int64 */
            step_seconds: number;
            /** @enum {string} */
            unit: "events" | "slices" | "minutes";
            /**
             * Format: double
             * @description Bad events more that would raise a page; null if none would, and for a composite, where it depends on whose they are
             */
            until_page: number | null;
            window: components["schemas"]["LevelWindow"];
        };
        LevelBurnRow: {
            /** Format: double */
            burn_long: number | null;
            /** Format: double */
            burn_short: number | null;
            /** @description The stated factor cannot be reached with this target and was lowered */
            capped: boolean;
            /**
             * Format: double
             * @description Both lookbacks have to burn faster, or as fast where meeting is set
             */
            factor: number;
            /**
             * Format: int64
             * @description How long they have to before it alerts
             */
            for_seconds: number;
            /** @description The guard that keeps it quiet; empty for none */
            held: string;
            /** @example 1h */
            long: string;
            /** @description It is enough to meet the factor */
            meeting: boolean;
            over: boolean;
            /** @description Alert policy of the document; null for a row of the window set */
            policy: string | null;
            /** @enum {string} */
            severity: "page" | "ticket";
            /**
             * @description That of a policy is the long one
             * @example 5m
             */
            short: string;
        };
        LevelBurndown: {
            /** @description What the forecast takes the coming burn from */
            basis: components["schemas"]["LevelBasis"] | null;
            /** @description Spending the budget evenly: the window's beginning and end; empty for a composite, whose points are each of a window of its own */
            even: components["schemas"]["LevelPoint"][];
            forecast: components["schemas"]["LevelForecastPoint"][];
            marks: components["schemas"]["LevelMark"][];
            points: components["schemas"]["LevelPoint"][];
            /** @enum {string} */
            unit: "events" | "slices" | "minutes";
            window: components["schemas"]["LevelWindow"];
        };
        LevelCause: {
            /** Format: date-time */
            at: string;
            /** @description The fact */
            id: string;
            /** @enum {string} */
            kind: "deployment" | "flag_change" | "incident";
            title: string;
        };
        LevelComposite: {
            /** @description The gravest alert of all objectives as one; those of its members are theirs */
            alert: components["schemas"]["LevelAlert"] | null;
            budget: components["schemas"]["LevelBudget"];
            /** @description How fast the budget is spent over the last time, by its length; null where the rule has no value */
            burn: {
                [key: string]: number | null;
            };
            /** Format: double */
            coverage: number | null;
            /**
             * Format: date-time
             * @description When the budget is used up at the present pace; null is not within the window, unless no_forecast says why it is not known
             */
            exhausts_at: string | null;
            exhausts_range: components["schemas"]["LevelForecast"];
            /** @description Members of which nothing is known of the last time, by its length; the burn is then null, or that of the others */
            lacks: {
                [key: string]: string[];
            };
            members: components["schemas"]["LevelMember"][];
            /** @description Why there is no forecast; empty if there is one */
            no_forecast: string;
            /** @description The same as a code; null if there is a forecast */
            no_forecast_why: components["schemas"]["LevelWhy"] | null;
            /** @description Why, in words */
            reason: string;
            /**
             * @description What asking has to do with it, which reason goes on with after a semicolon; empty is nothing
             * @enum {string}
             */
            reason_asking: "" | "failing_since" | "failing" | "not_asked" | "noted" | "empty";
            /**
             * @description Why, as a code
             * @enum {string}
             */
            reason_code: "remains" | "spent" | "exhausts" | "fires" | "fires_blind" | "fires_blind_since" | "too_few" | "unusable" | "idle" | "unmeasured" | "stopped" | "uncounted" | "missing" | "unevaluable" | "no_connection" | "no_connection_named" | "no_connection_of" | "several_connections" | "no_application" | "quiet_application" | "no_incidents" | "incidents_ended" | "incidents_unread" | "incidents_never_read" | "members_unmeasured" | "members_stopped" | "members_uncounted" | "members_missing" | "no_whole_slice" | "promises_nothing" | "several_series";
            /** @description What fills the sentence of the code, by name: shares and amounts in decimal, instants in RFC 3339 */
            reason_values: {
                [key: string]: string;
            };
            /** @enum {string} */
            rule: "openslo" | "weighted" | "worst" | "serial";
            /** Format: double */
            sli: number | null;
            /** @enum {string} */
            status: "healthy" | "watch" | "at_risk" | "exhausted" | "no_data" | "too_few_events";
            /** Format: double */
            target: number | null;
            /**
             * Format: date-time
             * @description When an exhausted budget has something left again; null is not within reach, unless no_forecast says why it is not known
             */
            thaws_at: string | null;
        };
        LevelCorrection: {
            /** Format: date-time */
            at: string;
            author: string;
            /** Format: date-time */
            from: string;
            id: string;
            /** @enum {string} */
            mode: "exclude" | "good";
            reason: string;
            /** Format: date-time */
            to: string;
        };
        LevelDetail: {
            /** @description Window set that alerts come from; empty for none */
            alerts: string;
            anomalies: components["schemas"]["LevelAnomaly"][];
            application: components["schemas"]["LevelApplication"];
            /** Format: date-time */
            at: string;
            /** @description One for each objective of each series */
            budgets: components["schemas"]["LevelRow"][];
            composite: components["schemas"]["LevelComposite"] | null;
            corrections: components["schemas"]["LevelCorrection"][];
            description: string;
            id: string;
            /** @description What became known late in the windows, the newest first; at most 50 stretches */
            late: components["schemas"]["LevelLate"][];
            /** @description How asking for it stands at present; null for what is sent, and as of an instant */
            measuring: components["schemas"]["LevelMeasuring"] | null;
            /** @enum {string} */
            method: "Occurrences" | "Timeslices" | "RatioTimeslices";
            /** @enum {string} */
            missing: "exclude" | "good" | "bad" | "hold";
            name: string;
            /** @description Why it cannot be evaluated; empty if it can */
            problem: string;
            /** @description What the statement is made of; null where nothing is promised */
            promise: components["schemas"]["LevelPromise"];
            remarks: components["schemas"]["LevelRemark"][];
            /** @description The series that its budgets are measured by, and others of the same names that do not count */
            sources: components["schemas"]["LevelSource"][];
            /** @description What is promised, in one sentence */
            statement: string;
            /** @description The newest first */
            versions: components["schemas"]["LevelVersion"][];
        };
        LevelEvents: {
            /** Format: double */
            bad: number;
            /** Format: double */
            total: number;
        };
        LevelFamily: {
            /** @description Histogram of how long they took */
            durations: string;
            /** @description Why it was left out; empty if it was not */
            error: string;
            /** @description Names services */
            label: string;
            /** @description Why its latencies were left out; empty if they were not */
            latency_error: string;
            name: string;
            /** @description Metric that counts requests */
            requests: string;
            /**
             * Format: int64
             * @description Services that have it
             */
            services: number;
        };
        LevelForecast: {
            /**
             * Format: date-time
             * @description The earliest that the evidence allows; null is not within reach
             */
            from: string | null;
            /**
             * Format: date-time
             * @description The latest that the evidence allows; null is not within reach
             */
            to: string | null;
        };
        LevelForecastPoint: {
            /** Format: date-time */
            at: string;
            /** Format: double */
            high: number;
            /** Format: double */
            low: number;
            /** Format: double */
            middle: number;
        };
        LevelLate: {
            /** @description What it did to what was known; null where the stretch was filled in: nothing was known of it in time, and what was then has not changed since */
            change: components["schemas"]["LevelShift"] | null;
            /**
             * Format: int64
             * @description How often something came late
             */
            changes: number;
            /** Format: date-time */
            from: string;
            /**
             * Format: date-time
             * @description When it was last changed
             */
            known_at: string;
            /**
             * Format: date-time
             * @description Not included
             */
            to: string;
        };
        LevelLeftOut: {
            family: string;
            /** @enum {string} */
            kind: "availability" | "latency";
            /**
             * @description A window missed 90 %, too few events for any target, proposed from other metrics, or a name of which nothing can be made
             * @enum {string}
             */
            reason: "missed" | "few" | "twice" | "nameless";
            service: string;
        };
        LevelMark: {
            /** Format: date-time */
            at: string;
            /**
             * Format: double
             * @description Share of the budget that is laid to it alone; null if none is
             */
            consumed: number | null;
            /** @description The fact or the correction */
            id: string;
            /** @enum {string} */
            kind: "deployment" | "flag_change" | "incident" | "correction" | "definition";
            title: string;
            /**
             * Format: date-time
             * @description Null for an instant, and for what lasts
             */
            until: string | null;
        };
        LevelMeasuring: {
            /** @description Name of the connection that is asked; empty for one that is gone */
            connection: string;
            /**
             * Format: int64
             * @description Slices of the window that are measured
             */
            done: number;
            /** @description Why the last question was not answered; empty if it was */
            error: string;
            /**
             * Format: int64
             * @description Questions that were not answered since one last was
             */
            failures: number;
            /**
             * Format: int64
             * @description Age of last_slice; null before the first
             */
            lag_seconds: number | null;
            /**
             * Format: date-time
             * @description End of the last slice that was asked for; null before the first
             */
            last_slice: string | null;
            /**
             * Format: date-time
             * @description When it is asked next; null if that is not known
             */
            next: string | null;
            /** @description What was odd about the last answer */
            notes: components["schemas"]["LevelNote"][];
            queries: components["schemas"]["LevelQuery"][];
            /**
             * Format: date-time
             * @description When one was last answered; null if none ever was
             */
            since: string | null;
            /**
             * @description Its type
             * @example prometheus
             */
            source: string;
            /**
             * Format: int64
             * @description Slices of the window
             */
            total: number;
        };
        LevelMember: {
            no_data: boolean;
            objective: string;
            /** Format: double */
            remaining: number | null;
            /** Format: double */
            sli: number | null;
            /** Format: double */
            weight: number;
            worst: boolean;
        };
        LevelNote: {
            /**
             * Format: int64
             * @description Slices concerned; 0 where it is not of slices
             */
            count: number;
            /** @enum {string} */
            kind: "absent" | "unusable" | "partial" | "retention" | "dropped labels" | "suspect";
            /** @description Part of the indicator: good, bad, total or value; empty is the answer as a whole */
            name: string;
            text: string;
        };
        LevelObjective: {
            /**
             * @description How measurements compare with value; empty where nothing is compared
             * @enum {string}
             */
            comparison: "" | "at_most" | "below" | "at_least" | "above";
            /** @description Display name; empty for a single one */
            name: string;
            /**
             * @description What it is a share of: good events, what succeeds of a measured ratio, measurements that compare well, or minutes without an incident
             * @enum {string}
             */
            of: "events" | "successes" | "measurements" | "incident_minutes";
            /** @description Incidents that count; empty is all */
            severities: string[];
            /**
             * Format: int64
             * @description Length of the slices that are judged or averaged; 0 where events are counted
             */
            slice_seconds: number;
            /**
             * Format: double
             * @description Share of a slice that makes it good; null where slices are not judged
             */
            slice_target: number | null;
            /**
             * Format: double
             * @description Promised share
             * @example 0.999
             */
            target: number;
            /** Format: double */
            value: number | null;
        };
        LevelOutcome: {
            budget: components["schemas"]["LevelBudget"];
            /**
             * Format: double
             * @description Share of the present window's slices of which it is known what happened
             */
            coverage: number | null;
            /**
             * Format: int64
             * @description Windows of the past in which it was kept
             */
            met: number;
            /** Format: int64 */
            missed: number;
            /** @description It is what the definition says */
            present: boolean;
            /** Format: double */
            sli: number | null;
            /** Format: double */
            target: number;
            /**
             * Format: int64
             * @description Windows in which nothing was measured
             */
            unknown: number;
            /** @description That of the present */
            window: components["schemas"]["LevelWindow"];
            /** @description Whole windows of the past, the newest first; those that begin before since are left out */
            windows: components["schemas"]["LevelPast"][];
        };
        LevelPast: {
            /** Format: double */
            consumed: number | null;
            /** Format: double */
            coverage: number | null;
            /** Format: date-time */
            from: string;
            /** @description Null where nothing was measured */
            met: boolean | null;
            /** Format: double */
            sli: number | null;
            /** Format: date-time */
            to: string;
        };
        LevelPoint: {
            /** Format: date-time */
            at: string;
            /**
             * Format: double
             * @description The same without corrections
             */
            experienced: number | null;
            /** @description Nothing was measured since the point before; of a composite, nothing of a member that its rule needs */
            no_data: boolean;
            /**
             * Format: double
             * @description Of the budget of the present window, what was left then; of a composite, what the budget of the window up to then had left. Null where nothing is known
             */
            remaining: number | null;
            /** @description Why there is no value of a composite, or no data; else null */
            why: components["schemas"]["LevelWhy"] | null;
        };
        LevelPreview: {
            budgets: components["schemas"]["LevelRow"][];
            id: string;
            /** @description Why it cannot be evaluated; empty if it can */
            problem: string;
            remarks: components["schemas"]["LevelRemark"][];
            statement: string;
        };
        LevelPromise: {
            objectives: components["schemas"]["LevelObjective"][];
            /** @description The window moves with time; else it follows the calendar */
            rolling: boolean;
            /**
             * @description Of the window: number and unit: m, h, d, w, M, Q or Y
             * @example 30d
             */
            span: string;
            /** @description IANA zone of a window of the calendar */
            zone: string;
        };
        LevelQuery: {
            /** @description The query as a graph; null where there is no such address */
            link: string | null;
            /** @description Part of the indicator: good, bad, total or value */
            name: string;
            query: string;
        };
        LevelRate: {
            /**
             * Format: date-time
             * @description Its beginning
             */
            at: string;
            /** Format: double */
            bad: number;
            /** @description Burn rate of each lookback at its end */
            burn: {
                [key: string]: number | null;
            };
            /** Format: double */
            good: number;
            /** Format: int64 */
            no_data: number;
        };
        LevelRemark: {
            /**
             * @description Text and fix as a code; empty where they have none
             * @enum {string}
             */
            code: "" | "alerts_untold" | "almost_nothing" | "alpha_method" | "alpha_slice" | "any_slice" | "capped" | "capped_policy" | "condition_always" | "condition_kind" | "condition_length" | "condition_missing" | "condition_op" | "condition_severity" | "condition_slow" | "condition_threshold" | "condition_wrong" | "conditions_several" | "details_unused" | "lookback_long" | "lookback_short" | "mean_ignores" | "minutes" | "no_counter" | "no_slices" | "no_slug" | "nothing_asked" | "other_window" | "policies_silent" | "promises_nothing" | "ratio_ignores" | "raw_occurrences" | "raw_type_alone" | "reference_unknown" | "rolling_months" | "rolls" | "secret" | "source_type_missing" | "spoiled" | "target_missing" | "targets_unused" | "unknown_field" | "weight_alone" | "whole_slices";
            field: string;
            fix: string;
            /** Format: int64 */
            line: number;
            /** @enum {string} */
            severity: "error" | "warning" | "note";
            text: string;
            /** @description What fills the sentences of the code, by name */
            values: {
                [key: string]: string;
            };
        };
        LevelRow: {
            alert: components["schemas"]["LevelAlert"] | null;
            application: components["schemas"]["LevelApplication"];
            /** Format: double */
            bad: number;
            budget: components["schemas"]["LevelBudget"];
            /** @description How fast the budget is spent over the last time, by its length; 1 spends exactly the budget in a window */
            burn: {
                [key: string]: number | null;
            };
            /** @description All objectives as one; null for a service level that is no composite */
            composite: components["schemas"]["LevelWhole"] | null;
            /**
             * Format: double
             * @description Share of slices of which it is known what happened
             */
            coverage: number | null;
            /** @description Empty is wherever it is measured */
            environment: string;
            /**
             * Format: date-time
             * @description When the budget is used up at the present pace; null is not within the window
             */
            exhausts_at: string | null;
            exhausts_range: components["schemas"]["LevelForecast"];
            /** @description The budget without corrections; null where there are none */
            experienced: components["schemas"]["LevelBudget"] | null;
            /** Format: double */
            good: number;
            /** @description Name of the service level */
            id: string;
            /** @description Who spent the budget last, as was known at the last full ten minutes; null is nobody, or nothing to tell by. Lists alone have it: elsewhere the ledger tells */
            last_spender: components["schemas"]["LevelSpender"] | null;
            /** @description The budget is below five: luck decides */
            low_volume: boolean;
            /** @description How asking for it stands at present; null for what is sent, and as of an instant */
            measuring: components["schemas"]["LevelMeasuring"] | null;
            /** @enum {string} */
            method: "Occurrences" | "Timeslices" | "RatioTimeslices";
            /** @description Display name, else the name */
            name: string;
            /** @description Display name of the objective; empty for a single one */
            objective: string;
            /** @description Why the document cannot be evaluated, so that no number here means anything; empty if it can */
            problem: string;
            /** @description Why, in words */
            reason: string;
            /**
             * @description What asking has to do with it, which reason goes on with after a semicolon; empty is nothing
             * @enum {string}
             */
            reason_asking: "" | "failing_since" | "failing" | "not_asked" | "noted" | "empty";
            /**
             * @description Why, as a code
             * @enum {string}
             */
            reason_code: "remains" | "spent" | "exhausts" | "fires" | "fires_blind" | "fires_blind_since" | "too_few" | "unusable" | "idle" | "unmeasured" | "stopped" | "uncounted" | "missing" | "unevaluable" | "no_connection" | "no_connection_named" | "no_connection_of" | "several_connections" | "no_application" | "quiet_application" | "no_incidents" | "incidents_ended" | "incidents_unread" | "incidents_never_read" | "members_unmeasured" | "members_stopped" | "members_uncounted" | "members_missing" | "no_whole_slice" | "promises_nothing" | "several_series";
            /** @description What fills the sentence of the code, by name: shares and amounts in decimal, instants in RFC 3339 */
            reason_values: {
                [key: string]: string;
            };
            /** @description Labels of a budget of its own; empty without */
            series: string;
            /**
             * Format: double
             * @description Good share; null where nothing was measured
             */
            sli: number | null;
            /**
             * Format: int64
             * @description Length of a counted slice
             */
            slice_seconds: number;
            /** @enum {string} */
            status: "healthy" | "watch" | "at_risk" | "exhausted" | "no_data" | "too_few_events";
            /**
             * Format: double
             * @description Promised share
             * @example 0.999
             */
            target: number;
            /**
             * Format: date-time
             * @description When an exhausted budget has something left again; null is not within reach
             */
            thaws_at: string | null;
            /** Format: double */
            total: number;
            /**
             * @description What good, bad, total, allowed and left count
             * @enum {string}
             */
            unit: "events" | "slices" | "minutes";
            window: components["schemas"]["LevelWindow"];
        };
        LevelSearch: {
            /** @description Id of the connection that is asked */
            connection: string;
            /**
             * Format: int64
             * @description How much of the past is looked at
             */
            days: number;
            /**
             * Format: int64
             * @description Questions that were asked, or are not needed any more
             */
            done: number;
            /** Format: date-time */
            ended_at: string | null;
            /** @description Why it failed, in words */
            error: string;
            /** @description The kinds of metrics that were looked for */
            families: components["schemas"]["LevelFamily"][];
            /**
             * @description Why it failed
             * @enum {string}
             */
            fault: "" | "stopped" | "interrupted" | "down" | "slow" | "refused" | "denied" | "secret" | "other";
            items: components["schemas"]["LevelSuggestion"][];
            /** @description What services could not be proposed */
            left_out: components["schemas"]["LevelLeftOut"][];
            /** @description Its name when the search began */
            name: string;
            /**
             * Format: int64
             * @description Questions that were asked, once it is done
             */
            queries: number;
            /** Format: date-time */
            started_at: string | null;
            /**
             * @description none where nothing was ever looked for
             * @enum {string}
             */
            state: "none" | "running" | "done" | "failed";
            /**
             * Format: int64
             * @description Questions at most; 0 before the first
             */
            total: number;
            /** @description Window of what is suggested */
            window: string;
        };
        LevelShift: {
            /**
             * Format: int64
             * @description Slices that have something else
             */
            altered: number;
            /**
             * Format: int64
             * @description Slices that had nothing and have something
             */
            arrived: number;
            /** @description What was known of its hours in time, or first; null for readings of counters */
            before: components["schemas"]["LevelEvents"] | null;
            /** @description What is known; null for readings of counters */
            now: components["schemas"]["LevelEvents"] | null;
            /**
             * Format: int64
             * @description Slices that had something and have nothing
             */
            withdrawn: number;
        };
        LevelSource: {
            /** @description False for one that another source measured later */
            counts: boolean;
            environment: string;
            /** @description The series */
            id: string;
            /**
             * Format: date-time
             * @description Beginning of its last slice; as of an instant, of that slice's hour
             */
            last_at: string;
            /**
             * @description With labels
             * @example availability{region="eu"}
             */
            name: string;
            /** Format: int64 */
            slice_seconds: number;
            /** @description Who sends it, or the type and the name of the connection that is asked */
            source: string;
        };
        LevelSpend: {
            /** Format: double */
            bad: number;
            /**
             * Format: int64
             * @description How far back the ratio without excess is taken from
             */
            baseline_seconds: number;
            /**
             * Format: double
             * @description Share of the budget that is spent
             */
            consumed: number | null;
            /** @description The greatest first */
            entries: components["schemas"]["LevelSpendEntry"][];
            /**
             * Format: int64
             * @description How long after its beginning excess is laid to a change
             */
            horizon_seconds: number;
            /**
             * Format: double
             * @description Within the baseline, or without a cause that explains it
             */
            unattributed: number;
            /** @enum {string} */
            unit: "events" | "slices" | "minutes";
            window: components["schemas"]["Window"];
        };
        LevelSpendEntry: {
            /**
             * Format: double
             * @description Excess over the baseline
             */
            bad: number;
            /**
             * Format: double
             * @description Of the whole budget
             */
            budget: number | null;
            causes: components["schemas"]["LevelCause"][];
            evidence: components["schemas"]["LevelSpendEvidence"];
            /** Format: date-time */
            from: string;
            /**
             * Format: double
             * @description The most that the baseline's interval allows
             */
            high: number;
            /** @enum {string} */
            kind: "deployment" | "flag_change" | "incident" | "joint";
            /**
             * Format: double
             * @description The least that the baseline's interval allows
             */
            low: number;
            /**
             * Format: double
             * @description How long it was bad
             */
            minutes: number;
            /**
             * Format: double
             * @description Of all that was consumed
             */
            share: number;
            /** Format: date-time */
            to: string;
        };
        LevelSpendEvidence: {
            /**
             * @description timing: it began with the change; cohort: those whom the change reached met more than others; caused_by: people laid an incident to it; incident: it lasted meanwhile, and no change explains it; stood: incidents are what is measured, and nothing is set against a baseline
             * @enum {string}
             */
            basis: "timing" | "cohort" | "caused_by" | "incident" | "stood";
            /**
             * Format: double
             * @description Ratio of the baseline
             */
            before: number;
            /**
             * Format: double
             * @description Most of the baseline's interval
             */
            before_high: number;
            /**
             * Format: double
             * @description Least of the baseline's interval
             */
            before_low: number;
            /**
             * Format: double
             * @description Ratio of those whom the change reached; null without cohorts
             */
            cohort: number | null;
            /**
             * Format: int64
             * @description How long after the last of the causes it began; negative before it; null where timing is not the basis
             */
            delay_seconds: number | null;
            /**
             * Format: double
             * @description Ratio meanwhile
             */
            during: number;
            /**
             * Format: date-time
             * @description When this stretch began
             */
            from: string;
            /** @description Those that lasted meanwhile, beside the causes */
            incidents: components["schemas"]["LevelCause"][];
            /**
             * Format: double
             * @description Ratio of the others at the same time; null without cohorts
             */
            rest: number | null;
            /**
             * Format: double
             * @description How probable it is that the excess began with one of the causes
             */
            sure: number;
        };
        LevelSpender: {
            /** Format: date-time */
            at: string;
            /** @description The fact; empty for a joint share */
            id: string;
            /** @enum {string} */
            kind: "deployment" | "flag_change" | "incident" | "joint";
            /**
             * Format: double
             * @description Of what was consumed
             */
            share: number;
            title: string;
        };
        LevelSuggestion: {
            application: components["schemas"]["LevelApplication"];
            /**
             * Format: double
             * @description Bad ones of the last window
             */
            bad: number;
            /**
             * Format: double
             * @description What a latency may take, in seconds; null of an availability
             */
            bound: number | null;
            /**
             * Format: double
             * @description How many of them may be bad
             */
            budget: number;
            /**
             * Format: double
             * @description Share of its budget that the last window would have used
             */
            consumed: number;
            /**
             * Format: int64
             * @description Days with events
             */
            days: number;
            /** @description OpenSLO, YAML */
            document: string;
            /**
             * Format: double
             * @description Those of the last window
             */
            events: number;
            /** @description There is a service level of this name */
            exists: boolean;
            /** @description Kind of metrics that it is measured by */
            family: string;
            /** @description Name of the service level */
            id: string;
            /** @enum {string} */
            kind: "availability" | "latency";
            queries: components["schemas"]["LevelQuery"][];
            /**
             * Format: double
             * @description Good share of all days
             */
            reached: number;
            /** @description Name of the service in the monitoring */
            service: string;
            /** Format: double */
            target: number;
            /** @description Good share of every window that ends on a day and lies within what was looked at, the oldest first */
            windows: number[];
            /**
             * Format: double
             * @description Good share of the worst window
             */
            worst: number;
        };
        LevelVersion: {
            /** Format: date-time */
            at: string;
            by: string;
            /** @description OpenSLO, YAML */
            document: string;
            /** @description The file or the suggestion it came from; empty if nothing names it */
            name: string;
            /** Format: int64 */
            number: number;
            /** @enum {string} */
            source: "config" | "file" | "ui" | "suggestion" | "demo";
        };
        LevelWhatIf: {
            outcomes: components["schemas"]["LevelOutcome"][];
            /**
             * Format: date-time
             * @description From when on the past is tried: the first measurement, or 400 days ago; null if nothing was measured
             */
            since: string | null;
            /** @enum {string} */
            unit: "events" | "slices" | "minutes";
        };
        LevelWhole: {
            alert: components["schemas"]["LevelAlert"] | null;
            /** @description Why, in words */
            reason: string;
            /**
             * @description What asking has to do with it, which reason goes on with after a semicolon; empty is nothing
             * @enum {string}
             */
            reason_asking: "" | "failing_since" | "failing" | "not_asked" | "noted" | "empty";
            /**
             * @description Why, as a code
             * @enum {string}
             */
            reason_code: "remains" | "spent" | "exhausts" | "fires" | "fires_blind" | "fires_blind_since" | "too_few" | "unusable" | "idle" | "unmeasured" | "stopped" | "uncounted" | "missing" | "unevaluable" | "no_connection" | "no_connection_named" | "no_connection_of" | "several_connections" | "no_application" | "quiet_application" | "no_incidents" | "incidents_ended" | "incidents_unread" | "incidents_never_read" | "members_unmeasured" | "members_stopped" | "members_uncounted" | "members_missing" | "no_whole_slice" | "promises_nothing" | "several_series";
            /** @description What fills the sentence of the code, by name: shares and amounts in decimal, instants in RFC 3339 */
            reason_values: {
                [key: string]: string;
            };
            /** Format: double */
            remaining: number | null;
            /** @enum {string} */
            status: "healthy" | "watch" | "at_risk" | "exhausted" | "no_data" | "too_few_events";
        };
        LevelWhy: {
            /**
             * @description As a code
             * @enum {string}
             */
            code: "remains" | "spent" | "exhausts" | "fires" | "fires_blind" | "fires_blind_since" | "too_few" | "unusable" | "idle" | "unmeasured" | "stopped" | "uncounted" | "missing" | "unevaluable" | "no_connection" | "no_connection_named" | "no_connection_of" | "several_connections" | "no_application" | "quiet_application" | "no_incidents" | "incidents_ended" | "incidents_unread" | "incidents_never_read" | "members_unmeasured" | "members_stopped" | "members_uncounted" | "members_missing" | "no_whole_slice" | "promises_nothing" | "several_series";
            /** @description In words */
            text: string;
            /** @description What fills the sentence of the code, by name */
            values: {
                [key: string]: string;
            };
        };
        LevelWindow: {
            /** Format: date-time */
            from: string;
            /** @description Moves with time; else it follows the calendar */
            rolling: boolean;
            /**
             * @description Number and unit: m, h, d, w, M, Q or Y
             * @example 30d
             */
            span: string;
            /** Format: date-time */
            to: string;
            /** @description IANA zone of a window of the calendar */
            zone: string;
        };
        LevelsView: {
            /**
             * Format: int64
             * @description Budgets that pass the filters
             */
            found: number;
            items: components["schemas"]["LevelRow"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
            /** @description Budgets by status, whatever status is asked for */
            statuses: {
                [key: string]: number;
            };
        };
        LinkIncidentInputBody: {
            /** @description Ids of the deployments that caused it; none says that no deployment did */
            deployments: string[];
            /** @description Why; other people read it */
            reason?: string;
        };
        ListAcceptedLevel: {
            items: components["schemas"]["AcceptedLevel"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListApplicationView: {
            items: components["schemas"]["ApplicationView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListAuditView: {
            items: components["schemas"]["AuditView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListBadgeView: {
            items: components["schemas"]["BadgeView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListBenchmark: {
            items: components["schemas"]["Benchmark"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListChangeView: {
            items: components["schemas"]["ChangeView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListConnectionView: {
            items: components["schemas"]["ConnectionView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListCoverageGroup: {
            items: components["schemas"]["CoverageGroup"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListDeliveryView: {
            items: components["schemas"]["DeliveryView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListDependencyView: {
            items: components["schemas"]["DependencyView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListDeploymentView: {
            items: components["schemas"]["DeploymentView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListEntryView: {
            items: components["schemas"]["EntryView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListExplainRow: {
            items: components["schemas"]["ExplainRow"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListFlowChange: {
            items: components["schemas"]["FlowChange"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListGroupView: {
            items: components["schemas"]["GroupView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListIncidentView: {
            items: components["schemas"]["IncidentView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListLevelAlertSpan: {
            items: components["schemas"]["LevelAlertSpan"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListPolicyVersion: {
            items: components["schemas"]["PolicyVersion"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListSeries: {
            items: components["schemas"]["Series"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListSourceView: {
            items: components["schemas"]["SourceView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListStreamView: {
            items: components["schemas"]["StreamView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListSuggestion: {
            items: components["schemas"]["Suggestion"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListTokenView: {
            items: components["schemas"]["TokenView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        ListUnclaimedView: {
            items: components["schemas"]["UnclaimedView"][];
            /** @description Cursor of the next page; null on the last */
            next: string | null;
        };
        Looked: {
            /** Format: int64 */
            found: number;
            /** Format: int64 */
            judged: number;
            kind: string;
            /** Format: int64 */
            looked: number;
        };
        MarkRuleBody: {
            actors?: string[];
            labels?: string[];
            trailers?: string[];
        };
        MarkRules: {
            actors: string[];
            labels: string[];
            trailers: string[];
        };
        Matched: {
            /** Format: int64 */
            assisted_n: number;
            fail: components["schemas"]["RateDifference"];
            lead: components["schemas"]["RatioResult"];
            /** Format: int64 */
            left_out: number;
            lines: components["schemas"]["RatioResult"];
            /** Format: int64 */
            other_n: number;
            rework: components["schemas"]["RateDifference"];
            /** Format: int64 */
            strata: number;
        };
        Methods: {
            /** Format: int64 */
            ancestry: number;
            /** Format: int64 */
            artifact: number;
            /** Format: int64 */
            branch: number;
            /** Format: int64 */
            none: number;
            /** Format: int64 */
            patch: number;
            /** Format: int64 */
            pick: number;
            /** Format: int64 */
            rewrite: number;
            /** Format: int64 */
            time: number;
        };
        Missing: {
            slug: string;
            /** @enum {string} */
            what: "application" | "group" | "capability";
        };
        Named: {
            name: string;
            slug: string;
        };
        NewTokenView: {
            /** Format: date-time */
            created_at: string;
            created_by: string;
            /** Format: date-time */
            expires_at: string | null;
            id: string;
            /** Format: date-time */
            last_used_at: string | null;
            name: string;
            /** Format: date-time */
            revoked_at: string | null;
            scopes: string[];
            /** @description The secret; it is not kept and cannot be shown again */
            token: string;
        };
        ObservationView: {
            deleted: boolean;
            /** @description Deliveries that brought it; none for what was imported or posted */
            deliveries: components["schemas"]["DeliveryLink"][];
            external_id: string;
            fields: {
                [key: string]: unknown;
            };
            final: boolean;
            /**
             * Format: date-time
             * @description By the source's own clock
             */
            observed_at: string;
            /** Format: date-time */
            recorded_at: string | null;
            /** Format: int64 */
            revision: number;
            source: string;
        };
        Outcome: {
            baseline: boolean;
            /** Format: int64 */
            changes: number;
            confidence: string;
            counted: boolean;
            evidence: components["schemas"]["FailureEvidence"][];
            failed: boolean;
            inferred: boolean;
            method: string;
            redeployment: boolean;
            rework: boolean;
            rollback: boolean;
            rung: string | null;
        };
        OverrideBody: {
            aggregation?: string;
            benchmark?: string;
            cadence?: string;
            deployments?: components["schemas"]["DeploymentRuleBody"];
            environments?: components["schemas"]["EnvironmentRule"][];
            failure_window?: string;
            hotfix_window?: string;
            infer_failures?: boolean;
            recovery?: string;
            start?: string;
            time_zone?: string;
            unit?: string;
            week_start?: string;
        };
        Overview: {
            /** Format: date-time */
            as_of: string;
            attention: components["schemas"]["Concern"][];
            benchmark: components["schemas"]["Benchmark"] | null;
            breaks: components["schemas"]["Break"][];
            comparison: components["schemas"]["Comparison"];
            control: components["schemas"]["Controls"] | null;
            counts: components["schemas"]["Counts"];
            /** Format: double */
            coverage: number | null;
            groups: components["schemas"]["GroupRow"][];
            known?: components["schemas"]["Known"];
            /** Format: date-time */
            last_fact_at: string | null;
            previous: components["schemas"]["Report"] | null;
            previous_window: components["schemas"]["Window"];
            report: components["schemas"]["Report"];
            /** Format: int64 */
            revision: number;
            scope: components["schemas"]["Scope"];
            series: components["schemas"]["Bucket"][];
            standings: components["schemas"]["Standings"] | null;
            time_zone: string;
            verdict: components["schemas"]["Clause"][];
            window: components["schemas"]["Window"];
            workspace: components["schemas"]["OverviewWorkspace"];
        };
        OverviewWorkspace: {
            demo: boolean;
            name: string;
            slug: string;
        };
        OwnerView: {
            /**
             * Format: date-time
             * @description Null for the first owner, who owned it from the beginning
             */
            from: string | null;
            /** @description Of a group that is no more the name is its slug; unowned is empty */
            group: components["schemas"]["Named"];
        };
        Ownership: {
            /** Format: date-time */
            from?: string;
            group?: string;
        };
        OwnershipAnswer: {
            /** Format: int64 */
            files: number;
            /** @description What the files say and does not hold yet */
            items: components["schemas"]["Suggestion"][];
            /** @description Null for a dry run */
            kept: components["schemas"]["SuggestionsKept"];
            /** @description What was left out on purpose */
            notes: components["schemas"]["OwnershipNote"][];
            /**
             * Format: int64
             * @description How often single persons are named as owners; their names are not kept
             */
            persons: number;
            /** @description Mistakes in the files */
            problems: components["schemas"]["OwnershipNote"][];
        };
        OwnershipFile: {
            /**
             * @description Path in the repository
             * @example services/pay/catalog-info.yaml
             */
            path: string;
            text: string;
        };
        OwnershipNote: {
            /** Format: int64 */
            document: number;
            field: string;
            /** Format: int64 */
            line: number;
            path: string;
            rule: string;
        };
        OwnershipRequest: {
            /** @description The commit that the files are of */
            commit?: string;
            /** @description Keep nothing */
            dry_run?: boolean;
            /** @description catalog-info.yaml files, what their Locations name, and CODEOWNERS */
            files: components["schemas"]["OwnershipFile"][];
            /** @description All files of the repository, or an even sample of them, to tell which team owns most */
            paths?: string[];
            /**
             * @description Host and path
             * @example github.com/acme/checkout
             */
            repository?: string;
            /** @description These are all such files of the repository: what others said before is gone */
            whole?: boolean;
        };
        Peer: {
            /** Format: date-time */
            as_of: string;
            assumptions: components["schemas"]["PeerNote"][];
            figures: components["schemas"]["PeerFigure"][];
            peer: string;
            policy: string;
            reasons: components["schemas"]["PeerNote"][];
            /** Format: int64 */
            revision: number;
            scope: components["schemas"]["Scope"];
            time_zone: string;
            unknown: components["schemas"]["PeerLine"][];
            window: components["schemas"]["Window"];
        };
        PeerEvidence: {
            id: string;
            incident: string;
            kind: string;
            our_deployment: string;
            /** Format: double */
            ours: number | null;
            their_deployment: string;
            /** Format: double */
            theirs: number | null;
        };
        PeerFigure: {
            /** Format: int64 */
            both: number;
            lines: components["schemas"]["PeerLine"][];
            metric: string;
            ours: components["schemas"]["PeerValue"];
            rules: components["schemas"]["PeerLine"][];
            theirs: components["schemas"]["PeerValue"];
            unit: string;
        };
        PeerLine: {
            /** Format: int64 */
            count: number;
            evidence: components["schemas"]["PeerEvidence"][];
            reason: string;
            side: string;
        };
        PeerNote: {
            code: string;
            text: string;
        };
        PeerValue: {
            band: string;
            /** Format: int64 */
            n: number;
            /** Format: int64 */
            rows: number;
            statistic: string;
            unit: string;
            /** Format: double */
            value: number | null;
        };
        PerCommit: {
            /** Format: double */
            median_seconds: number | null;
            /** Format: int64 */
            n: number;
            /** Format: double */
            p75_seconds: number | null;
            /** Format: double */
            p90_seconds: number | null;
        };
        PermissionView: {
            for: string;
            /** @description null where the vendor does not say */
            granted: boolean | null;
            /** @example pull_requests: read */
            name: string;
        };
        Phase: {
            /** Format: double */
            median_seconds: number | null;
            /** Format: int64 */
            n: number;
            phase: string;
        };
        PolicyBody: {
            /** @description median, p75, p90 or mean */
            aggregation: string;
            /** @description Overrides by slug */
            applications?: {
                [key: string]: components["schemas"]["OverrideBody"];
            };
            assisted: components["schemas"]["MarkRuleBody"];
            /** @description Id of a set, or none; empty is the product's choice */
            benchmark?: string;
            bots: components["schemas"]["MarkRuleBody"];
            /** @description on-demand, daily, weekly, monthly or quarterly */
            cadence?: string;
            deployments: components["schemas"]["DeploymentRuleBody"];
            /** @description RFC 3339 instant from which on this version judges; without one it judges all of the past */
            effective_from?: string;
            /** @description Tried in order; the first match decides */
            environments: components["schemas"]["EnvironmentRule"][];
            /** @description From one minute to 365 days, for example 72h or 3d */
            failure_window: string;
            /** @description From one minute to 365 days */
            hotfix_window: string;
            infer_failures: boolean;
            /** @description failure or deployment: where recovery begins */
            recovery: string;
            /** @description first_commit, committed, opened, ready or merged */
            start: string;
            time_zone: string;
            /** @description change or commit */
            unit: string;
            /** @description monday to sunday */
            week_start: string;
        };
        PolicyChange: {
            after: string;
            before: string;
            member: string;
        };
        PolicyPreview: {
            added: components["schemas"]["PreviewFacts"];
            applications: components["schemas"]["PreviewRow"][];
            /** Format: int64 */
            applications_total: number;
            base: string;
            changes: components["schemas"]["PolicyChange"][];
            failures_added: components["schemas"]["PreviewFacts"];
            failures_removed: components["schemas"]["PreviewFacts"];
            nothing: boolean;
            removed: components["schemas"]["PreviewFacts"];
            /** @description The figures in one English sentence */
            sentence: string;
            warnings: components["schemas"]["PreviewWarning"][];
            whole: components["schemas"]["PreviewRow"];
            window: components["schemas"]["Window"];
        };
        PolicyRef: {
            version: string;
        };
        PolicyVersion: {
            /**
             * Format: date-time
             * @description When it came into force; null for the built-in one
             */
            at: string | null;
            author: string;
            changes: components["schemas"]["PolicyChange"][];
            /** @description Differs where contents do; a change is based on it */
            digest: string;
            in_force: boolean;
            note: string;
            /**
             * Format: int64
             * @description Counts from 1; 0 is the built-in policy
             */
            number: number;
            policy: components["schemas"]["PolicyBody"];
            strangers: string[];
            version: string;
        };
        PreviewAlertsInputBody: {
            /** @description Settings of the connection as they would be */
            settings: {
                [key: string]: unknown;
            };
        };
        PreviewFacts: {
            ids: string[];
            /** Format: int64 */
            total: number;
        };
        PreviewFigures: {
            /** Format: int64 */
            changes: number;
            /** Format: int64 */
            deployments: number;
            /** Format: double */
            deployments_per_day: number | null;
            /** Format: double */
            fail_rate: number | null;
            /** Format: int64 */
            failures: number;
            /** Format: double */
            lead_time_seconds: number | null;
            /** Format: double */
            recovery_seconds: number | null;
            /** Format: double */
            rework_rate: number | null;
            /** @enum {string} */
            statistic: "median" | "p75" | "p90" | "mean";
        };
        PreviewPolicyInputBody: {
            policy: components["schemas"]["PolicyBody"];
        };
        PreviewRow: {
            after: components["schemas"]["PreviewFigures"];
            before: components["schemas"]["PreviewFigures"];
            /** @enum {string} */
            kind: "application" | "group" | "capability" | "workspace";
            name: string;
            slug: string;
        };
        PreviewWarning: {
            field: string;
            text: string;
        };
        Principal: {
            /** @enum {string} */
            kind: "token" | "person" | "local";
            name: string;
            role?: string;
            scopes?: string[];
        };
        Rate: {
            /** Format: double */
            high: number | null;
            /** Format: int64 */
            k: number;
            /** Format: double */
            low: number | null;
            /** Format: int64 */
            n: number;
            /** Format: double */
            value: number | null;
        };
        RateDifference: {
            /** Format: double */
            difference: number | null;
            /** Format: double */
            high: number | null;
            /** Format: double */
            low: number | null;
            /** @enum {string} */
            verdict: "better" | "worse" | "no_clear_change" | "too_few";
        };
        RatioResult: {
            /** Format: double */
            high: number | null;
            /** Format: double */
            low: number | null;
            /** Format: double */
            ratio: number | null;
            /** @enum {string} */
            verdict: "better" | "worse" | "higher" | "lower" | "no_clear_change" | "too_few";
        };
        Recovery: {
            /** @enum {string} */
            clock: "failure" | "deployment";
            from_deployment: components["schemas"]["FromDeployment"];
            /** Format: double */
            high_seconds: number | null;
            /** Format: double */
            low_seconds: number | null;
            /** Format: double */
            median_seconds: number | null;
            /** Format: int64 */
            n: number;
            /** Format: double */
            p75_seconds: number | null;
            /** Format: double */
            p90_seconds: number | null;
            /** @enum {string} */
            statistic: "median" | "p75" | "p90" | "mean";
            /** Format: int64 */
            unresolved: number;
            /** Format: double */
            value_seconds: number | null;
            /** @enum {string} */
            withheld: "" | "no_value" | "too_few" | "low_coverage";
        };
        RefusalView: {
            errors: components["schemas"]["FieldError"][];
            id: string;
            reason: string;
        };
        RegisterInputBody: {
            claims?: string[];
            name?: string;
            slug: string;
        };
        ReplayItem: {
            after: string;
            before: string;
            event: string;
            /** Format: int64 */
            events: number;
            id: string;
            reason: string;
            /** Format: date-time */
            received_at: string;
        };
        ReplayRequest: {
            /** @description Id of a connection */
            connection?: string;
            /** @description Parse everything and write nothing */
            dry_run?: boolean;
            /** @description Just these deliveries, whatever else is said */
            ids?: string[];
            /** @description recorded, ignored or rejected; without it, rejected and ignored */
            outcomes?: string[];
            /** @description Only what arrived at or after this: an RFC 3339 instant, a date, or a length such as 7d */
            since?: string;
            source?: string;
            /** @description Only deliveries with a fact that belongs to no application */
            unclaimed?: boolean;
            /** @description Only what arrived before this: an RFC 3339 instant or a date */
            until?: string;
        };
        Replayed: {
            /**
             * Format: int64
             * @description Deliveries whose outcome, reason or facts are others now
             */
            changed: number;
            dry_run: boolean;
            /** Format: int64 */
            examined: number;
            /**
             * Format: int64
             * @description Deliveries that cannot be replayed because their bodies were dropped
             */
            expired: number;
            /** Format: int64 */
            facts: number;
            /** Format: int64 */
            ignored: number;
            items: components["schemas"]["ReplayItem"][];
            /**
             * Format: date-time
             * @description Go on with this instant as since; null when everything was looked at
             */
            more: string | null;
            /** Format: int64 */
            observations: number;
            /**
             * Format: int64
             * @description Deliveries that items leaves out
             */
            omitted: number;
            /** Format: int64 */
            recorded: number;
            /** Format: int64 */
            rejected: number;
        };
        Report: {
            anomalies: components["schemas"]["Anomaly"][];
            change_fail_rate: components["schemas"]["FailRate"];
            change_lead_time: components["schemas"]["LeadTime"];
            deployment_frequency: components["schemas"]["Frequency"];
            deployment_rework_rate: components["schemas"]["Rework"];
            exclusions: components["schemas"]["Exclusion"][];
            failed_deployment_recovery_time: components["schemas"]["Recovery"];
            incidents: components["schemas"]["Incidents"];
            methods: components["schemas"]["Methods"];
            policy: components["schemas"]["PolicyRef"];
            /** Format: int64 */
            unattributed_incidents: number;
            window: components["schemas"]["Window"];
        };
        Review: {
            /** Format: date-time */
            at: string;
            author?: string;
            state?: string;
        };
        Rework: {
            /** Format: double */
            high: number | null;
            /** Format: double */
            low: number | null;
            /** Format: int64 */
            n: number;
            /** Format: int64 */
            rework: number;
            /** Format: double */
            value: number | null;
            /** @enum {string} */
            withheld: "" | "no_value" | "too_few" | "low_coverage";
        };
        SavePolicyInputBody: {
            /** @description Digest of the version that the change was made from */
            base: string;
            /** @description Save a policy by which nothing counts */
            force?: boolean;
            /** @description Why the policy changes */
            note: string;
            policy: components["schemas"]["PolicyBody"];
        };
        SavedLevel: {
            id: string;
            /**
             * Format: int64
             * @description Of the version
             */
            number: number;
            /** @description False where the content was in force already */
            saved: boolean;
        };
        SavedPolicy: {
            /**
             * Format: date-time
             * @description When it came into force; null for the built-in one
             */
            at: string | null;
            author: string;
            changes: components["schemas"]["PolicyChange"][];
            /** @description Differs where contents do; a change is based on it */
            digest: string;
            in_force: boolean;
            note: string;
            /**
             * Format: int64
             * @description Counts from 1; 0 is the built-in policy
             */
            number: number;
            policy: components["schemas"]["PolicyBody"];
            /** @description False where the content was in force already */
            saved: boolean;
            strangers: string[];
            version: string;
        };
        Scope: {
            /** @enum {string} */
            kind: "application" | "group" | "capability" | "workspace";
            name: string;
            slug: string;
        };
        Series: {
            /** @description What these slices hold */
            amounts: ("good" | "bad" | "total" | "value")[];
            /** @description Slug, as documents name it: their service */
            application: string;
            environment: string;
            /**
             * Format: date-time
             * @description Beginning of its first slice
             */
            first_at: string;
            id: string;
            /** @description What tells it from others of its name; as group-by they have budgets of their own */
            labels: {
                [key: string]: string;
            };
            /** @description The last slice */
            last: components["schemas"]["SeriesSlice"] | null;
            /**
             * Format: date-time
             * @description Beginning of its last slice
             */
            last_at: string;
            /** @description Without labels, as documents name it */
            name: string;
            /** Format: int64 */
            slice_seconds: number;
            /**
             * Format: int64
             * @description Measured in the 24 hours that end with the last
             */
            slices: number;
            /** @description Who sends it, or the type and the name of the connection that is asked for it */
            source: string;
        };
        SeriesSlice: {
            /** Format: date-time */
            at: string;
            /** Format: double */
            bad: number | null;
            /** Format: double */
            good: number | null;
            /** Format: double */
            total: number | null;
            /** Format: double */
            value: number | null;
        };
        ServiceLevelRequest: {
            /**
             * Format: int64
             * @description Number of the version that the change was made from; 0 replaces whatever is there
             */
            base?: number;
            /** @description OpenSLO v1, YAML: one SLO, and what it refers to */
            document: string;
        };
        SessionView: {
            /** @description To be sent as X-CSRF-Token with unsafe requests */
            csrf_token: string;
            principal: components["schemas"]["Principal"];
            version: string;
            workspaces: components["schemas"]["WorkspaceView"][];
        };
        Shipment: {
            /** Format: date-time */
            at: string;
            confidence: string;
            deployment: string;
            /** Format: double */
            lead_seconds: number | null;
            method: string;
        };
        Signal: {
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            direction: "better" | "worse" | "higher" | "lower";
            /** @enum {string} */
            rule: "beyond_limits" | "shift";
            /** @enum {string} */
            side: "above" | "below";
            /** Format: date-time */
            since: string | null;
            /** Format: double */
            value: number;
        };
        SignalCounts: {
            /** Format: int64 */
            flowing: number;
            /** Format: int64 */
            never: number;
            /** Format: int64 */
            not_expected: number;
            signal: string;
            /** Format: int64 */
            stale: number;
        };
        Size: {
            /** Format: int64 */
            added: number;
            /** Format: int64 */
            deleted: number;
            /** Format: int64 */
            files: number;
        };
        SourceEventView: {
            event: string;
            facts: string;
        };
        SourceSettingView: {
            default: string;
            meaning: string;
            name: string;
            type: string;
        };
        SourceView: {
            events: components["schemas"]["SourceEventView"][];
            /** @description Headers that are kept with a delivery */
            headers: string[];
            /**
             * Format: int64
             * @description Largest body in bytes, as sent and after decompression
             */
            max_body: number;
            name: string;
            settings: components["schemas"]["SourceSettingView"][];
            /** @description Markdown */
            setup: string;
            summary: string;
            title: string;
        };
        Sparks: {
            change_fail_rate: (number | null)[];
            change_lead_time: (number | null)[];
            deployment_frequency: (number | null)[];
        };
        Standing: {
            /** Format: double */
            above: number;
            answers: string[];
            /** @enum {string} */
            evidence: "published" | "quoted" | "single" | "unverified";
            name: string;
            /** Format: int64 */
            respondents: number;
            set: string;
            source: string;
            /** Format: double */
            within: number;
            /** Format: int64 */
            year: number;
        };
        Standings: {
            change_fail_rate: components["schemas"]["Standing"] | null;
            change_lead_time: components["schemas"]["Standing"] | null;
            deployment_frequency: components["schemas"]["Standing"] | null;
            deployment_rework_rate: components["schemas"]["Standing"] | null;
            failed_deployment_recovery_time: components["schemas"]["Standing"] | null;
        };
        Step: {
            /** Format: int64 */
            count: number;
            /** @enum {string} */
            step: "known" | "in_scope" | "in_window" | "included";
        };
        StoryChange: {
            /**
             * @description How sure that is
             * @enum {string}
             */
            confidence: "certain" | "likely" | "guess";
            id: string;
            /**
             * Format: double
             * @description Null where the change is left out of lead time
             */
            lead_seconds: number | null;
            /** Format: date-time */
            merged_at: string | null;
            /**
             * @description How it was found that the deployment ships it
             * @enum {string}
             */
            method: "ancestry" | "artifact" | "pick" | "rewrite" | "patch" | "branch" | "time";
            /**
             * Format: int64
             * @description 0 where it has none
             */
            number: number;
            repository: string;
            revert_of: string;
        };
        StoryEvidence: {
            /** Format: date-time */
            at: string | null;
            /** Format: double */
            gap_seconds: number | null;
            id: string;
            inferred: boolean;
            kind: string;
            /** @description What people call the fact that tells: an incident's id in its source, a version, a change's number */
            name: string;
            rung: string;
        };
        StoryIncident: {
            /** @description It was laid to this deployment */
            attributed: boolean;
            external_id: string;
            id: string;
            /** Format: date-time */
            opened_at: string | null;
            /** Format: date-time */
            resolved_at: string | null;
            /** @description The evidence; null where it was not laid to this deployment */
            rung: string | null;
            severity: string;
        };
        StoryLink: {
            /** Format: date-time */
            finished_at: string | null;
            id: string;
            version: string;
        };
        StoryView: {
            /** @description Changes that reached the environment with it, last merged first */
            changes: components["schemas"]["StoryChange"][];
            /**
             * Format: int64
             * @description Commits that reached the environment with it, without merge commits
             */
            commits: number;
            /**
             * @description How sure the method's answer is; empty where the method is none
             * @enum {string}
             */
            confidence: "certain" | "likely" | "guess" | "";
            deployment: components["schemas"]["DeploymentView"];
            /** @description All that says that it failed, strongest first */
            evidence: components["schemas"]["StoryEvidence"][];
            /** @description Incidents laid to it, or that started within the failure window after it; last first */
            incidents: components["schemas"]["StoryIncident"][];
            /**
             * @description How its changes were found: the least trustworthy method that was needed
             * @enum {string}
             */
            method: "ancestry" | "artifact" | "pick" | "rewrite" | "patch" | "branch" | "time" | "none";
            rolled_back_by: components["schemas"]["StoryLink"] | null;
            rolls_back: components["schemas"]["StoryLink"] | null;
        };
        StreamView: {
            complete: boolean;
            /**
             * Format: int64
             * @description Records of the past that are read
             */
            done: number;
            error: string;
            /**
             * Format: int64
             * @description Reads that failed since the last that did not
             */
            failures: number;
            /**
             * Format: date-time
             * @description All records up to then are read; null while the past is read
             */
            known_to: string | null;
            /** Format: date-time */
            last_at: string | null;
            /** @example pulls acme/checkout */
            name: string;
            /** Format: date-time */
            next_at: string;
            /**
             * Format: int64
             * @description Records of the past; null where the vendor does not say
             */
            total: number | null;
        };
        SuggestLevelsInputBody: {
            /** @description Id of a connection to Prometheus */
            connection: string;
            /**
             * Format: int64
             * @description How much of the past is looked at
             * @default 30
             */
            days: number;
            /**
             * @description Window of what is suggested
             * @default 28d
             */
            window: string;
        };
        Suggestion: {
            application: components["schemas"]["Named"];
            /** @enum {string} */
            aspect: "owner" | "capability" | "tier" | "lifecycle" | "dependency" | "repository";
            /** @description Who accepted or dismissed it; empty for tokens and while it is open */
            by: string;
            /** @description Other applications that claim the same repository or folder */
            claimed_by: string[];
            /** @enum {string} */
            confidence: "stated" | "likely" | "guess";
            /** @description What the catalogue lacks and accepting with create makes */
            creates: components["schemas"]["Missing"][];
            /** Format: date-time */
            decided_at: string | null;
            /** @description What the rule saw */
            detail: string;
            /** Format: date-time */
            first_seen_at: string;
            id: string;
            /** @description The catalogue has the application; accepting makes one that it lacks */
            known: boolean;
            /** @description The rule that read it */
            method: string;
            /** @description What people call the value */
            name: string;
            /** @description Other values that sources say; a person has to choose */
            others: string[];
            /** @description What holds today; empty for nothing */
            present: string;
            present_name: string;
            /** @description How the source writes it */
            reference: string;
            source: components["schemas"]["SuggestionSource"];
            /** @description The configuration states another value, and would take this back; change it there */
            stated: boolean;
            /** @enum {string} */
            status: "open" | "accepted" | "dismissed";
            /** @description Of a dependency */
            type: string;
            /** @description A slug, a tier, a lifecycle or a claim */
            value: string;
        };
        SuggestionSource: {
            commit: string;
            /** @enum {string} */
            kind: "backstage" | "codeowners" | "gitlab_group";
            /** Format: int64 */
            line: number;
            path: string;
            repository: string;
        };
        SuggestionsKept: {
            /** Format: int64 */
            known: number;
            /** Format: int64 */
            opened: number;
            /** Format: int64 */
            withdrawn: number;
        };
        TokenView: {
            /** Format: date-time */
            created_at: string;
            created_by: string;
            /** Format: date-time */
            expires_at: string | null;
            id: string;
            /** Format: date-time */
            last_used_at: string | null;
            name: string;
            /** Format: date-time */
            revoked_at: string | null;
            scopes: string[];
        };
        TurnedAwayView: {
            /** Format: int64 */
            count: number;
            /** Format: date-time */
            last_at: string;
            /**
             * @description Of the last one
             * @enum {string}
             */
            reason: "signature" | "unconfigured" | "too_large" | "too_slow" | "encoding" | "aborted" | "busy";
        };
        UnclaimedView: {
            /** @description Unknown applications that the facts name */
            applications: string[];
            /** Format: int64 */
            facts: number;
            /** Format: date-time */
            last_at: string | null;
            origin: string;
            repository: string;
        };
        UseView: {
            application: components["schemas"]["Named"];
            /**
             * Format: date-time
             * @description The instant under which it is counted
             */
            at: string | null;
            included: boolean;
            metric: string;
            /** @description Why it is not counted; empty if it is */
            reason: string;
            /**
             * Format: double
             * @description What the fact adds: seconds, or 1 for what is counted
             */
            value: number | null;
        };
        ValueStream: {
            /** Format: date-time */
            as_of: string;
            batch: components["schemas"]["Batch"];
            builds: components["schemas"]["BuildTimes"];
            /** Format: int64 */
            changes: number;
            /** Format: double */
            coverage: number | null;
            efficiency: components["schemas"]["Efficiency"];
            environment: string;
            exclusions: components["schemas"]["Exclusion"][];
            groups: components["schemas"]["FlowGroup"][];
            lead: components["schemas"]["FlowLead"];
            longest: components["schemas"]["FlowChange"][];
            points: components["schemas"]["FlowPoint"][];
            /** Format: int64 */
            points_of: number;
            /** Format: int64 */
            revision: number;
            scope: components["schemas"]["Scope"];
            stages: components["schemas"]["FlowStage"][];
            time_zone: string;
            window: components["schemas"]["Window"];
            wip: components["schemas"]["FlowWIP"];
        };
        Window: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
        };
        WindowRate: {
            /** Format: int64 */
            failed: number;
            /** Format: double */
            high: number | null;
            in_force: boolean;
            /** Format: double */
            low: number | null;
            /** Format: int64 */
            n: number;
            /** Format: double */
            value: number | null;
            /** Format: double */
            window_seconds: number | null;
        };
        Word: {
            /** Format: date-time */
            at: string;
            /** @description Who, as in the audit; empty for tokens */
            by: string;
            deployments: components["schemas"]["DeploymentName"][];
            reason: string;
            /** @description It gives the question back to the rules */
            withdrawn: boolean;
        };
        WorkspaceView: {
            /** @description True for invented data */
            demo: boolean;
            name: string;
            slug: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "list-applications": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
                /** @description Only applications of this group and of all groups below it */
                group?: string;
                /** @description Only applications that serve this capability or one below it */
                capability?: string;
                /** @description Only applications whose name or slug contains this, whatever the case */
                q?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListApplicationView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "register-application": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "get-application": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationDetail"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    assisted: {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description RFC 3339 instant, a date in tz, or a length such as 90d counted back from to */
                from?: string;
                /** @description RFC 3339 instant or a date in tz; not included; now by default */
                to?: string;
                /** @description IANA time zone of days, weeks and months; the policy's by default */
                tz?: string;
                /** @description Length of the buckets of a series */
                series?: "day" | "week" | "month";
                /** @description Id of a benchmark set */
                benchmark?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Slug of a business capability; those below it are included */
                capability?: string;
                /** @description Figures of a group hold what happened while it owned an application (then), or all of what it owns today */
                ownership?: "then" | "today";
                /** @description Name of an environment, or a class; the production class by default. Work in progress is what has not reached the production class. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssistedChanges"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-audit": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAuditView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-badges": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Slug of a business capability; those below it are included */
                capability?: string;
                /** @description Only the badge of this figure */
                metric?: "deployment_frequency" | "change_lead_time" | "change_fail_rate" | "failed_deployment_recovery_time" | "deployment_rework_rate";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListBadgeView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-benchmarks": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListBenchmark"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-capabilities": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListGroupView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    changed: {
        parameters: {
            query: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Slug of the application */
                application: string;
                /** @description A length such as 30m, 2h or 7d counted back from until, an RFC 3339 instant or a date; 2h by default */
                since?: string;
                /** @description RFC 3339 instant or a date, when the problem was seen; now by default */
                until?: string;
                /** @description Name of an environment, or a class; the production class by default. Happenings in other environments of the class are listed too. */
                environment?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-changes": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Name of an environment */
                environment?: string;
                /** @description Only facts at or after this: an RFC 3339 instant, a date, or a length such as 90d */
                from?: string;
                /** @description Only facts before this: an RFC 3339 instant or a date */
                to?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListChangeView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "get-change": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path: {
                /** @description The fact's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangeView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-connections": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListConnectionView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "create-connection": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateConnectionInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "change-connection": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeConnectionInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "remove-connection": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "preview-alert-rules": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewAlertsInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertPreview"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "get-connection-example": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExampleView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-streams": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListStreamView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "data-anomalies": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnomaliesView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "data-chain": {
        parameters: {
            query: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The figure */
                metric: "deployment_frequency" | "change_lead_time" | "change_fail_rate" | "failed_deployment_recovery_time" | "deployment_rework_rate";
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Slug of a business capability; those below it are included */
                capability?: string;
                /** @description Figures of a group hold what happened while it owned an application (then), or all of what it owns today */
                ownership?: "then" | "today";
                /** @description Name of an environment, or a class; the production class by default */
                environment?: string;
                /** @description RFC 3339 instant, a date in tz, or a length such as 90d counted back from to */
                from?: string;
                /** @description RFC 3339 instant or a date in tz; not included; now by default */
                to?: string;
                /** @description IANA time zone of dates; the policy's by default */
                tz?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Chain"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "data-coverage": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Only applications whose name or slug contains this, whatever the case */
                q?: string;
                /** @description With state: only applications of which this signal is in the state */
                signal?: "deployment" | "change" | "commit" | "incident" | "build" | "artifact" | "work_item" | "flag_change" | "evidence" | "measurement" | "ownership";
                /** @description Only applications with a signal in this state */
                state?: "flowing" | "stale" | "never" | "not_expected";
                /** @description What the list is ordered by; a signal orders by its state, the worst last */
                sort?: "name" | "group" | "gaps" | "deployment" | "change" | "commit" | "incident" | "build" | "artifact" | "work_item" | "flag_change" | "evidence" | "measurement" | "ownership";
                /** @description Turns the order round */
                descending?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CoverageView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "data-coverage-groups": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListCoverageGroup"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-deliveries": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
                /** @description recorded, ignored or rejected */
                outcome?: string[];
                /** @description Only deliveries with a fact that belongs to no application */
                unclaimed?: boolean;
                source?: string;
                /** @description Id of a connection */
                connection?: string;
                /** @description The source's name of an event */
                event?: string;
                /** @description Only what arrived at or after this: an RFC 3339 instant, a date, or a length such as 90d */
                from?: string;
                /** @description Only what arrived before this: an RFC 3339 instant or a date */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListDeliveryView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "replay-deliveries": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replayed"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "get-delivery": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path: {
                /** @description The delivery's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryDetail"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-dependencies": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Name of an environment */
                environment?: string;
                /** @description Only facts at or after this: an RFC 3339 instant, a date, or a length such as 90d */
                from?: string;
                /** @description Only facts before this: an RFC 3339 instant or a date */
                to?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListDependencyView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-deployments": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Name of an environment */
                environment?: string;
                /** @description Only facts at or after this: an RFC 3339 instant, a date, or a length such as 90d */
                from?: string;
                /** @description Only facts before this: an RFC 3339 instant or a date */
                to?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListDeploymentView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "get-deployment": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path: {
                /** @description The fact's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "deployment-story": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path: {
                /** @description The fact's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoryView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    explain: {
        parameters: {
            query: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
                /** @description The figure */
                metric: "deployment_frequency" | "change_lead_time" | "change_fail_rate" | "failed_deployment_recovery_time" | "deployment_rework_rate";
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Slug of a business capability; those below it are included */
                capability?: string;
                /** @description Figures of a group hold what happened while it owned an application (then), or all of what it owns today */
                ownership?: "then" | "today";
                /** @description Name of an environment, or a class; the production class by default */
                environment?: string;
                /** @description RFC 3339 instant, a date in tz, or a length such as 90d counted back from to */
                from?: string;
                /** @description RFC 3339 instant or a date in tz; not included; now by default */
                to?: string;
                /** @description IANA time zone of dates; the policy's by default */
                tz?: string;
                /** @description Which rows */
                include?: "all" | "included" | "excluded";
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExplainView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-facts": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Kinds of fact */
                kind?: string[];
                /** @description Source instances */
                source?: string[];
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Names of environments */
                environment?: string[];
                /** @description States, results, severities or actions */
                status?: string[];
                /** @description Only facts that belong to no application */
                unclaimed?: boolean;
                /** @description A part of the external id or repository, whatever the case */
                q?: string;
                /** @description Only facts at or after this: an RFC 3339 instant, a date, or a length such as 90d */
                from?: string;
                /** @description Only facts before this: an RFC 3339 instant or a date */
                to?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListEntryView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "summarise-facts": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Kinds of fact */
                kind?: string[];
                /** @description Source instances */
                source?: string[];
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Names of environments */
                environment?: string[];
                /** @description States, results, severities or actions */
                status?: string[];
                /** @description Only facts that belong to no application */
                unclaimed?: boolean;
                /** @description A part of the external id or repository, whatever the case */
                q?: string;
                /** @description Only facts at or after this: an RFC 3339 instant, a date, or a length such as 90d */
                from?: string;
                /** @description Only facts before this: an RFC 3339 instant or a date */
                to?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntrySummary"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "get-fact": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path: {
                /** @description The fact's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryDetail"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-groups": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListGroupView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-incidents": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Name of an environment */
                environment?: string;
                /** @description Only facts at or after this: an RFC 3339 instant, a date, or a length such as 90d */
                from?: string;
                /** @description Only facts before this: an RFC 3339 instant or a date */
                to?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListIncidentView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "get-incident": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path: {
                /** @description The fact's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentDetail"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "link-incident": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path: {
                /** @description The incident's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkIncidentInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentDetail"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "withdraw-incident-link": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Why; other people read it */
                reason?: string;
            };
            header?: never;
            path: {
                /** @description The incident's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentDetail"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    dora: {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description RFC 3339 instant, a date in tz, or a length such as 90d counted back from to */
                from?: string;
                /** @description RFC 3339 instant or a date in tz; not included; now by default */
                to?: string;
                /** @description IANA time zone of days, weeks and months; the policy's by default */
                tz?: string;
                /** @description Length of the buckets of a series */
                series?: "day" | "week" | "month";
                /** @description Id of a benchmark set */
                benchmark?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Slug of a business capability; those below it are included */
                capability?: string;
                /** @description Figures of a group hold what happened while it owned an application (then), or all of what it owns today */
                ownership?: "then" | "today";
                /** @description Name of an environment, or a class; the production class by default */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DORA"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    overview: {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description RFC 3339 instant, a date in tz, or a length such as 90d counted back from to */
                from?: string;
                /** @description RFC 3339 instant or a date in tz; not included; now by default */
                to?: string;
                /** @description IANA time zone of days, weeks and months; the policy's by default */
                tz?: string;
                /** @description Length of the buckets of a series */
                series?: "day" | "week" | "month";
                /** @description Id of a benchmark set */
                benchmark?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
                /** @description Only this group and the groups below it */
                group?: string;
                /** @description Only this business capability and those below it */
                capability?: string;
                /** @description What the table of the overview lists */
                by?: "group" | "capability";
                /** @description Figures of a group hold what happened while it owned an application (then), or all of what it owns today */
                ownership?: "then" | "today";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    peer: {
        parameters: {
            query: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description RFC 3339 instant, a date in tz, or a length such as 90d counted back from to */
                from?: string;
                /** @description RFC 3339 instant or a date in tz; not included; now by default */
                to?: string;
                /** @description IANA time zone of days, weeks and months; the policy's by default */
                tz?: string;
                /** @description Length of the buckets of a series */
                series?: "day" | "week" | "month";
                /** @description Id of a benchmark set */
                benchmark?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Slug of a business capability; those below it are included */
                capability?: string;
                /** @description Figures of a group hold what happened while it owned an application (then), or all of what it owns today */
                ownership?: "then" | "today";
                /** @description Whose rules to compare with: those of Apache DevLake's dashboard of 2023 */
                as: "devlake-2023";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Peer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-policies": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPolicyVersion"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "save-policy": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SavePolicyInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedPolicy"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "preview-policy": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewPolicyInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyPreview"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "get-policy": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path: {
                /** @description Number or name of a version */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyVersion"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-series": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
                /** @description Slug of an application, as measurements name it */
                application?: string;
                /** @description Where it is measured */
                environment?: string;
                /** @description Part of the name, with labels, whatever the case */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListSeries"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-service-levels": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Only budgets of this status */
                status?: "healthy" | "watch" | "at_risk" | "exhausted" | "no_data" | "too_few_events";
                /** @description Part of the name of a service level, whatever the case */
                q?: string;
                /** @description The least budget first, by name, or the fastest burn of the last hour first */
                sort?: "remaining" | "name" | "burn";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelsView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "create-service-level": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceLevelRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedLevel"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "accept-service-levels": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptLevelsInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAcceptedLevel"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "preview-service-level": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceLevelRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelPreview"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "suggest-service-levels": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SuggestLevelsInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelSearch"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "get-service-level-search": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelSearch"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "stop-service-level-search": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelSearch"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "get-service-level": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
            };
            header?: never;
            path: {
                /** @description Name of a service level */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelDetail"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "change-service-level": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path: {
                /** @description Name of a service level */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceLevelRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedLevel"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "retire-service-level": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path: {
                /** @description Name of a service level */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "service-level-alerts": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Name of a service level */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListLevelAlertSpan"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "service-level-burn": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
                /** @description Display name of an objective; the first by default */
                objective?: string;
                /** @description Labels of a budget of its own, in braces; the first by default */
                series?: string;
                /** @description Where it is measured; the first by default */
                environment?: string;
                /** @description The most points of a line */
                points?: number;
                /** @description All objectives of a composite as one, whatever objective is named */
                composite?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of a service level */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelBurn"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "service-level-burndown": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
                /** @description Display name of an objective; the first by default */
                objective?: string;
                /** @description Labels of a budget of its own, in braces; the first by default */
                series?: string;
                /** @description Where it is measured; the first by default */
                environment?: string;
                /** @description The most points of a line */
                points?: number;
                /** @description All objectives of a composite as one, whatever objective is named */
                composite?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of a service level */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelBurndown"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "correct-service-level": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path: {
                /** @description Name of a service level */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CorrectionInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelCorrection"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "withdraw-correction": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path: {
                /** @description Name of a service level */
                id: string;
                correction: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "service-level-spend": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
                /** @description Display name of an objective; the first by default */
                objective?: string;
                /** @description Labels of a budget of its own, in braces; the first by default */
                series?: string;
                /** @description Where it is measured; the first by default */
                environment?: string;
            };
            header?: never;
            path: {
                /** @description Name of a service level */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelSpend"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "service-level-what-if": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
                /** @description Display name of an objective; the first by default */
                objective?: string;
                /** @description Labels of a budget of its own, in braces; the first by default */
                series?: string;
                /** @description Where it is measured; the first by default */
                environment?: string;
                /** @description Shares to try, 0.995; the definition's own and its neighbours by default */
                target?: string[];
                /** @description Windows to try: 28d rolls; 1M, 1Q and 1Y follow the calendar in the definition's zone, else in UTC; one as long as the definition's own is that; the definition's own by default */
                window?: string[];
            };
            header?: never;
            path: {
                /** @description Name of a service level */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LevelWhatIf"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-sources": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListSourceView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-suggestions": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description The next member of the page before */
                cursor?: string;
                limit?: number;
                /** @description What people made of them */
                status?: "open" | "accepted" | "dismissed";
                /** @description Only what is said of this */
                aspect?: "owner" | "capability" | "tier" | "lifecycle" | "dependency" | "repository";
                /** @description Part of the name or slug of an application */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListSuggestion"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "read-suggestions": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnershipRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnershipAnswer"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "accept-suggestions": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptSuggestionsInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "dismiss-suggestions": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DismissSuggestionsInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "reopen-suggestions": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DismissSuggestionsInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "get-table": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description RFC 3339 instant, a date in tz, or a length such as 90d counted back from to */
                from?: string;
                /** @description RFC 3339 instant or a date in tz; not included; now by default */
                to?: string;
                /** @description IANA time zone of days, weeks and months; the policy's by default */
                tz?: string;
                /** @description Length of the buckets of a series */
                series?: "day" | "week" | "month";
                /** @description Id of a benchmark set */
                benchmark?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Slug of a business capability; those below it are included */
                capability?: string;
                /** @description Figures of a group hold what happened while it owned an application (then), or all of what it owns today */
                ownership?: "then" | "today";
                /** @description Name of an environment, or a class; the production class by default. Work in progress is what has not reached the production class. */
                environment?: string;
                /** @description Form of the file; by Accept if it is not given, CSV otherwise */
                format?: "csv" | "ndjson";
                /** @description The figure of the table rows */
                metric?: "deployment_frequency" | "change_lead_time" | "change_fail_rate" | "failed_deployment_recovery_time" | "deployment_rework_rate";
            };
            header?: {
                Accept?: string;
            };
            path: {
                /** @description figures, series, groups, capabilities, applications, rows (behind the figure metric), stages and changes of the value stream, assisted, benchmarks, coverage of applications and signals */
                table: "figures" | "series" | "groups" | "capabilities" | "applications" | "rows" | "stages" | "changes" | "assisted" | "benchmarks" | "coverage";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Content-Disposition"?: string;
                    "Content-Type"?: string;
                    Vary?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-tokens": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListTokenView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "create-token": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTokenInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewTokenView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "revoke-token": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "list-unclaimed": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListUnclaimedView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "value-stream": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description RFC 3339 instant, a date in tz, or a length such as 90d counted back from to */
                from?: string;
                /** @description RFC 3339 instant or a date in tz; not included; now by default */
                to?: string;
                /** @description IANA time zone of days, weeks and months; the policy's by default */
                tz?: string;
                /** @description Length of the buckets of a series */
                series?: "day" | "week" | "month";
                /** @description Id of a benchmark set */
                benchmark?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Slug of a business capability; those below it are included */
                capability?: string;
                /** @description Figures of a group hold what happened while it owned an application (then), or all of what it owns today */
                ownership?: "then" | "today";
                /** @description Name of an environment, or a class; the production class by default. Work in progress is what has not reached the production class. */
                environment?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValueStream"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
    "value-stream-changes": {
        parameters: {
            query?: {
                /** @description Workspace; a token's own, or default */
                workspace?: string;
                /** @description RFC 3339 instant, a date in tz, or a length such as 90d counted back from to */
                from?: string;
                /** @description RFC 3339 instant or a date in tz; not included; now by default */
                to?: string;
                /** @description IANA time zone of days, weeks and months; the policy's by default */
                tz?: string;
                /** @description Length of the buckets of a series */
                series?: "day" | "week" | "month";
                /** @description Id of a benchmark set */
                benchmark?: string;
                /** @description Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer. */
                as_of?: string;
                /** @description Slug of an application */
                application?: string;
                /** @description Slug of a group; groups below it are included */
                group?: string;
                /** @description Slug of a business capability; those below it are included */
                capability?: string;
                /** @description Figures of a group hold what happened while it owned an application (then), or all of what it owns today */
                ownership?: "then" | "today";
                /** @description Name of an environment, or a class; the production class by default. Work in progress is what has not reached the production class. */
                environment?: string;
                /** @description What the list is ordered by, the longest first */
                sort?: "total" | "coding" | "pickup" | "review" | "merge_wait" | "build" | "deploy";
                /** @description Where to go on: next of the page before */
                cursor?: string;
                /** @description The most items of a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListFlowChange"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ErrorModel"];
                };
            };
        };
    };
}
