package frontend_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel/frontend"
)

func TestDistHoldsAPage(t *testing.T) {
	t.Parallel()
	page, err := fs.ReadFile(frontend.Dist(), "index.html")
	if err != nil {
		t.Fatalf("reading the page: %v", err)
	}
	placeholder := strings.Contains(string(page), "npm run build")
	if placeholder == frontend.Built() {
		t.Errorf("Built() = %v, but the page is the placeholder: %v", frontend.Built(), placeholder)
	}
}
