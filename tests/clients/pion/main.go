// A WHIP publisher or WHEP listener made of pion. Opus frames, one a line in hexadecimal, come from standard input and go to standard output.
//
//	pion URL TOKEN            URL is https://HOST/whip/MEETING/FEED or /whep/MEETING/CHANNEL
//
// A listener offers a second section, which no door takes: an answer may reject a part.
//
// Built with Debian's Go packages: GO111MODULE=off GOPATH=/usr/share/gocode go build.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/pion/webrtc/v3"
	"github.com/pion/webrtc/v3/pkg/media"
)

const frame = 20 * time.Millisecond

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// post brings the offer, with all candidates, to the door; the answer, and where the session is.
func post(url, token, offer string) (answer, location string) {
	request, err := http.NewRequest("POST", url, strings.NewReader(offer))
	check(err)
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/sdp")
	response, err := http.DefaultClient.Do(request)
	check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	check(err)
	if response.StatusCode != http.StatusCreated {
		check(fmt.Errorf("%s: %s", response.Status, body))
	}
	return string(body), response.Header.Get("Location")
}

func publish(peer *webrtc.PeerConnection, connected <-chan struct{}) {
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "sound", "pion")
	check(err)
	_, err = peer.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	check(err)
	go func() {
		<-connected
		clock := time.NewTicker(frame)
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); <-clock.C {
			data, err := hex.DecodeString(lines.Text())
			check(err)
			check(track.WriteSample(media.Sample{Data: data, Duration: frame}))
		}
		os.Exit(0)
	}()
}

func listen(peer *webrtc.PeerConnection) {
	for i := 0; i < 2; i++ {
		_, err := peer.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
		check(err)
	}
	peer.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			packet, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			fmt.Println(hex.EncodeToString(packet.Payload))
		}
	})
}

func main() {
	url, token := os.Args[1], os.Args[2]
	// Without a network of the machine's own there is still loopback.
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	codecs := &webrtc.MediaEngine{}
	check(codecs.RegisterDefaultCodecs())
	peer, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(codecs)).NewPeerConnection(webrtc.Configuration{})
	check(err)
	connected := make(chan struct{})
	peer.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		fmt.Fprintln(os.Stderr, state)
		if state == webrtc.PeerConnectionStateConnected {
			close(connected)
		}
		if state == webrtc.PeerConnectionStateFailed {
			os.Exit(1)
		}
	})
	if strings.Contains(url, "/whip/") {
		publish(peer, connected)
	} else {
		listen(peer)
	}
	offer, err := peer.CreateOffer(nil)
	check(err)
	gathered := webrtc.GatheringCompletePromise(peer)
	check(peer.SetLocalDescription(offer))
	<-gathered
	answer, location := post(url, token, peer.LocalDescription().SDP)
	fmt.Fprintln(os.Stderr, location)
	check(peer.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}))
	select {}
}
