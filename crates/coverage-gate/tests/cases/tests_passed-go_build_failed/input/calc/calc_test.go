package calc

import "testing"

func TestAdd(t *testing.T) {
	for name, want := range map[string]int{"right": 3, "wrong": 4} {
		t.Run(name, func(t *testing.T) {
			if got := Add(1, 2); got != want {
				t.Errorf("got %d, want %d", got, want)
			}
		})
	}
}

func TestSkipped(t *testing.T) { t.Skip("not on this system") }

func TestAlone(t *testing.T) {}
