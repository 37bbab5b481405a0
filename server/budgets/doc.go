// Package budgets says where the service levels of workspaces stand: it reads
// their documents, finds the series that measure them, and assesses every
// objective at an instant, with what people corrected and without.
package budgets
