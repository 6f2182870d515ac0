# Run inside this folder: Rscript generate.R
source("../write.R")
data <- read.csv("../holzinger/data.csv")
model <- "visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
quick =~ x9
quick ~ visual + textual"
write_fit(model, data)
