package main

import "golang.org/x/sys/unix"

// An instruction of BPF, as the kernel takes it.
type instruction struct {
	op        uint8
	registers uint8 // the destination in the low half
	offset    int16
	value     int32
}

// Functions of the kernel (uapi/linux/bpf.h), and what a program of XDP returns.
const (
	lookUp     = 1
	nanos      = 5
	adjustTail = 65
	storeBytes = 190
	drop, pass = 1, 2
)

const (
	setRegister = unix.BPF_ALU64 | unix.BPF_MOV | unix.BPF_X
	setValue    = unix.BPF_ALU64 | unix.BPF_MOV | unix.BPF_K
	addValue    = unix.BPF_ALU64 | unix.BPF_ADD | unix.BPF_K
	subRegister = unix.BPF_ALU64 | unix.BPF_SUB | unix.BPF_X
	mulRegister = unix.BPF_ALU64 | unix.BPF_MUL | unix.BPF_X
	shiftRight  = unix.BPF_ALU64 | unix.BPF_RSH | unix.BPF_K
	load64      = unix.BPF_LDX | unix.BPF_MEM | unix.BPF_DW
	load32      = unix.BPF_LDX | unix.BPF_MEM | unix.BPF_W
	store32     = unix.BPF_STX | unix.BPF_MEM | unix.BPF_W
	call        = unix.BPF_JMP | unix.BPF_CALL
	exit        = unix.BPF_JMP | unix.BPF_EXIT
	ifIs        = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	ifNot       = unix.BPF_JMP | unix.BPF_JNE | unix.BPF_K
	ifEarlier   = unix.BPF_JMP | unix.BPF_JLT | unix.BPF_X
	ifAbove     = unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K
	ifBelow     = unix.BPF_JMP | unix.BPF_JLT | unix.BPF_K
	loadMap     = unix.BPF_LD | unix.BPF_IMM | unix.BPF_DW // two instructions
)

// code is the program: when the frame is due whose number stands in the state, it
// takes it out of the table, makes the packet as long as it, and passes it on.
func code(state, table int) []instruction {
	const out = -1 // to the end, where frames are dropped
	list := []instruction{
		{setRegister, 6 | 1<<4, 0, 0}, // the context
		{setValue, 1, 0, 0},
		{store32, 10 | 1<<4, -4, 0}, // the key
	}
	find := func(fd int) {
		list = append(list,
			instruction{loadMap, 1 | unix.BPF_PSEUDO_MAP_FD<<4, 0, int32(fd)}, instruction{},
			instruction{setRegister, 2 | 10<<4, 0, 0}, instruction{addValue, 2, 0, -4},
			instruction{call, 0, 0, lookUp}, instruction{ifIs, 0, out, 0})
	}
	find(state)
	list = append(list,
		instruction{setRegister, 8 | 0<<4, 0, 0},
		instruction{load32, 7 | 8<<4, atNumber, 0}, instruction{store32, 10 | 7<<4, -4, 0},
		instruction{call, 0, 0, nanos},
		instruction{load64, 1 | 8<<4, atStart, 0}, instruction{subRegister, 0 | 1<<4, 0, 0},
		instruction{load64, 1 | 8<<4, atInterval, 0}, instruction{mulRegister, 1 | 7<<4, 0, 0}, instruction{shiftRight, 1, 0, intervalShift},
		instruction{ifEarlier, 0 | 1<<4, out, 0})
	find(table)
	list = append(list,
		instruction{setRegister, 9 | 0<<4, 0, 0},
		instruction{addValue, 7, 0, 1}, instruction{store32, 8 | 7<<4, atNumber, 0},
		instruction{load32, 8 | 9<<4, 0, 0}, // the length
		instruction{ifAbove, 8, out, mostFrame}, instruction{ifBelow, 8, out, leastFrame},
		instruction{setRegister, 1 | 6<<4, 0, 0}, instruction{setRegister, 2 | 8<<4, 0, 0}, instruction{addValue, 2, 0, -mostFrame},
		instruction{call, 0, 0, adjustTail}, instruction{ifNot, 0, out, 0},
		instruction{setRegister, 1 | 6<<4, 0, 0}, instruction{setValue, 2, 0, 0},
		instruction{setRegister, 3 | 9<<4, 0, 0}, instruction{addValue, 3, 0, 4}, instruction{setRegister, 4 | 8<<4, 0, 0},
		instruction{call, 0, 0, storeBytes}, instruction{ifNot, 0, out, 0},
		instruction{setValue, 0, 0, pass}, instruction{exit, 0, 0, 0})
	for i := range list {
		if op := list[i].op; op&7 == unix.BPF_JMP && list[i].offset == out {
			list[i].offset = int16(len(list) - i - 1)
		}
	}
	return append(list, instruction{setValue, 0, 0, drop}, instruction{exit, 0, 0, 0})
}
