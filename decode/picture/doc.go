// Package picture looks into the payload of video for what statistics want:
// key frames, and the size of the picture. Standard library only.
package picture
