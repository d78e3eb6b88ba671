package play

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// endpointPath is where flows are asked.
const endpointPath = "/flow-endpoint/"

// each is a player for each script: each knows the address of its flow.
func (p *Player) each(scripts []Script) ([]*Player, error) {
	players := make([]*Player, len(scripts))
	for i, s := range scripts {
		own := *p
		if s.Plain {
			own.PublicKey = nil
		}
		if s.Flow != "" {
			var err error
			if own.URL, err = flowURL(p.URL, s.Flow); err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
		}
		players[i] = &own
	}
	return players, nil
}

// flowURL is the address of another flow of the same server.
func flowURL(address, slug string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || strings.ContainsAny(slug, "/?#%") {
		return "", errors.New("the address of its flow cannot be made")
	}
	base, _, _ := strings.Cut(u.Path, endpointPath)
	u.Path = strings.TrimSuffix(base, "/") + endpointPath + slug
	return u.String(), nil
}

// mean is how many requests a script sends, on average.
func mean(scripts []Script) float64 {
	all := 0
	for _, s := range scripts {
		all += s.requests()
	}
	return float64(all) / float64(len(scripts))
}
