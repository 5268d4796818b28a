module example.org/shop

go 1.21.0

toolchain go1.22.3

require (
	example.org/Left/v2 v2.0.1
	example.org/moved v1.0.0
	example.org/pinned v1.0.0
	example.org/folder v1.0.0
)

require example.org/right v0.0.0-20190620200207-3b0461eec859 // indirect

require example.org/old v3.2.0+incompatible // indirect

replace example.org/moved => example.org/fork v1.2.0

replace example.org/pinned v1.0.0 => example.org/pinned v1.0.1

replace example.org/folder => ../folder

exclude example.org/right v0.1.0

retract v0.0.1
